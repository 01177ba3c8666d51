//! The surroundings of the program: environment variables, language, and where the data lie. The only reader of the
//! environment beside the command line's own `ATTAIN_…` variables.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The language the command line speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Language {
    /// The language of the environment, by the rules of POSIX: `LC_ALL`, then `LC_MESSAGES`, then `LANG`.
    pub fn of_environment() -> Self {
        ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .find_map(|name| variable(name).filter(|value| !value.is_empty()))
            .map_or(Self::En, |value| Self::of_locale(&value))
    }

    fn of_locale(locale: &str) -> Self {
        if locale.to_ascii_lowercase().starts_with("zh") {
            Self::Zh
        } else {
            Self::En
        }
    }

    /// The sentence in this language.
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// What to log: `ATTAIN_LOG` in the syntax of tracing's filters.
pub fn log_filter() -> Option<String> {
    variable("ATTAIN_LOG").filter(|filter| !filter.is_empty())
}

#[expect(clippy::disallowed_methods, reason = "this is the place the rule points to")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Where the data of an installation lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The folder with `attain.db`, `files/` and `secret.key`.
    pub folder: PathBuf,
    /// The address of the database.
    pub database_url: String,
}

impl Place {
    /// The named folder, or `attain-data` beside the binary; the named database, or `attain.db` in that folder.
    pub fn find(folder: Option<PathBuf>, database_url: Option<String>) -> io::Result<Self> {
        let folder = match folder {
            Some(folder) => std::path::absolute(folder)?,
            None => beside_the_binary()?,
        };
        let database_url =
            database_url.unwrap_or_else(|| format!("sqlite:{}", folder.join("attain.db").display()));
        Ok(Self { folder, database_url })
    }

    /// The address of the database without the password it may carry.
    pub fn shown_database(&self) -> String {
        let Some((scheme, rest)) = self.database_url.split_once("://") else {
            return self.database_url.clone();
        };
        match rest.rsplit_once('@') {
            Some((who, host)) => {
                let user = who.split(':').next().unwrap_or_default();
                format!("{scheme}://{user}@{host}")
            }
            None => self.database_url.clone(),
        }
    }

    /// Makes the folder, `files/` and `secret.key` where they are missing; only their owner may read them.
    pub fn prepare(&self) -> io::Result<()> {
        make_folder(&self.folder)?;
        make_folder(&self.folder.join("files"))?;
        let key = self.folder.join("secret.key");
        if !key.exists() {
            let mut bytes = [0_u8; 32];
            getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
            let text = bytes.iter().fold(String::new(), |mut text, byte| {
                // Writing to a string does not fail.
                let _ = write!(text, "{byte:02x}");
                text
            });
            let mut options = fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            match options.open(&key) {
                Ok(mut file) => {
                    file.write_all(text.as_bytes())?;
                    file.sync_all()?;
                }
                // Another process of the same installation was quicker.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn beside_the_binary() -> io::Result<PathBuf> {
    let binary = std::env::current_exe()?;
    let folder = binary.parent().unwrap_or(Path::new("."));
    Ok(folder.join("attain-data"))
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_decides_the_language() {
        for (locale, language) in [
            ("zh_CN.UTF-8", Language::Zh),
            ("zh", Language::Zh),
            ("en_US.UTF-8", Language::En),
            ("C.UTF-8", Language::En),
        ] {
            assert_eq!(Language::of_locale(locale), language, "{locale}");
        }
    }

    #[test]
    fn the_place_is_made_once_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::find(Some(folder.path().join("a/b")), None).unwrap();
        place.prepare().unwrap();
        let key = fs::read(place.folder.join("secret.key")).unwrap();
        place.prepare().unwrap();
        assert_eq!(fs::read(place.folder.join("secret.key")).unwrap(), key);
        assert_eq!(key.len(), 64);
        assert!(
            place.database_url.ends_with("/a/b/attain.db"),
            "{}",
            place.database_url
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |name: &str| {
                fs::metadata(place.folder.join(name))
                    .unwrap()
                    .permissions()
                    .mode()
                    & 0o777
            };
            assert_eq!(mode("secret.key"), 0o600);
            assert_eq!(mode("files"), 0o700);
        }
    }
}
