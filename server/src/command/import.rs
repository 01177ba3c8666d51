//! `attain import`.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use domain::format::{self, Lang};
use domain::import::{
    Failure as Cause, FileView, Kind, Landing, Options, OptionsError, Status, View, Withheld,
};
use domain::people::COMMAND_LINE;
use domain::target::VersionStatus;
use operations::Operations;
use operations::import::{Custody, NewImport, Origin, Upload};
use serde_json::Value;

use super::{Failure, PlaceArgs, Shell};

/// Problems printed of each file; the page shows all of them.
const PROBLEMS_SHOWN: usize = 20;

#[derive(Args, Debug)]
pub(super) struct Import {
    /// What the files hold: units, members, products, accounts, opportunities or targets [default: as their headings say]
    #[arg(long, value_name = "K", value_parser = kinds(), hide_possible_values = true)]
    kind: Option<Kind>,
    /// Which column is which field: {"FIELD": "HEADER"}
    #[arg(long, value_name = "JSON", value_parser = mapping)]
    mapping: Option<BTreeMap<String, String>>,
    /// Options by name, see the interface's description
    #[arg(
        long,
        value_name = "JSON",
        help = "Options, such as {\"dry_run\": true, \"on_missing\": \"create\", \"blank\": \"clear\"}"
    )]
    options: Option<String>,
    /// CSV or XLSX files; those that refer to each other order themselves
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    place: PlaceArgs,
}

impl Import {
    pub(super) async fn run(self, shell: Shell) -> Result<(), Failure> {
        let options = match &self.options {
            Some(text) => options(text).map_err(|error| Failure(error.words(shell.lang())))?,
            None => Options::default(),
        };
        let uploads = self.uploads(shell)?;
        let (_, operations) = self.place.open(shell).await?;
        let wanted = NewImport {
            uploads,
            kind: self.kind,
            mapping: self.mapping.unwrap_or_default(),
            options,
            origin: Origin::CommandLine,
        };
        let done = import(&operations, wanted, shell).await;
        shell.close(operations).await?;
        tell(&done?, shell)
    }

    /// The files by their full paths; each must be there.
    fn uploads(&self, shell: Shell) -> Result<Vec<Upload>, Failure> {
        let upload = |path: &PathBuf| {
            let unreadable = |error: &dyn std::fmt::Display| {
                shell.failure(
                    format!("文件 {} 无法读取：{error}", path.display()),
                    format!("The file {} cannot be read: {error}", path.display()),
                )
            };
            let found = path.canonicalize().map_err(|error| unreadable(&error))?;
            if !found.is_file() {
                return Err(unreadable(&shell.language.pick("不是文件", "not a file")));
            }
            let name = found
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            Ok(Upload {
                name,
                path: found,
                custody: Custody::Theirs,
            })
        };
        self.files.iter().map(upload).collect()
    }
}

async fn import(operations: &Operations, wanted: NewImport, shell: Shell) -> Result<View, Failure> {
    let refused = |error| shell.refusal(&error);
    let scope = operations
        .ensure_organization(COMMAND_LINE)
        .await
        .map_err(refused)?;
    operations.import_now(&scope, wanted).await.map_err(refused)
}

/// Prints what came of each file; a failure unless every row was taken.
fn tell(view: &View, shell: Shell) -> Result<(), Failure> {
    for file in &view.files {
        tell_file(file, shell);
    }
    if let Some(failure) = view.failure.filter(|failure| *failure != Cause::Files) {
        return Err(Failure(failure.words(shell.lang()).to_owned()));
    }
    if view.status != Status::Done {
        return Err(shell.failure(
            "导入未完成，没有写入任何内容。",
            "The import did not finish; nothing was written.",
        ));
    }
    for landing in &view.targets {
        tell_landing(landing, shell);
    }
    let rejected = view.counts.rejected;
    if rejected > 0 {
        return Err(shell.failure(
            format!("{rejected} 行未导入，其余已处理。修正后可再次导入同一文件。"),
            format!(
                "{} rejected, the others are done. Mend what is wrong and import the same file again.",
                format::rows(rejected, Lang::En)
            ),
        ));
    }
    if view.options.dry_run {
        shell.say("只做了检查，没有写入。", "Checked only; nothing was written.");
    }
    Ok(())
}

/// Says where the targets of a fiscal year are.
fn tell_landing(landing: &Landing, shell: Shell) {
    let Landing {
        year, plan, status, ..
    } = landing;
    if *status == VersionStatus::Draft {
        shell.say(
            format!("{year} 年的目标在计划“{plan}”的草稿里，发布后生效。"),
            format!("The targets of {year} are in a draft of the plan \"{plan}\"; they count once it is published."),
        );
    } else {
        shell.say(
            format!("{year} 年的目标已发布为计划“{plan}”。"),
            format!("The targets of {year} are published as the plan \"{plan}\"."),
        );
    }
    match &landing.withheld {
        Some(Withheld::Replaces { plan }) => shell.say(
            format!("“{plan}”是由人发布的，不会自动替换；要替换请用选项 {{\"publish\": true}}。"),
            format!("\"{plan}\" was published by people and is not replaced unasked; the option {{\"publish\": true}} does."),
        ),
        Some(Withheld::Cuts { plan }) => shell.say(
            format!("已发布的“{plan}”有周期只会被替换一部分。"),
            format!("Only a part of a period of the published \"{plan}\" would be replaced."),
        ),
        Some(Withheld::NotAllowed) => shell.say("没有发布权限。", "You may not publish."),
        None => {}
    }
}

fn tell_file(file: &FileView, shell: Shell) {
    let lang = shell.lang();
    let complain = |line: &str| {
        // Nobody to tell when the terminal is gone.
        let _ = writeln!(std::io::stderr(), "{}: {line}", file.name);
    };
    if let Some(problem) = &file.problem {
        complain(&problem.words(lang));
    }
    for problem in file.mapping.iter().flat_map(|mapping| &mapping.problems) {
        complain(&problem.words(lang));
    }
    let Some(report) = &file.report else { return };
    let counts = report.counts;
    shell.say(
        format!(
            "{}（{}）：读取 {} 行，新建 {}，更新 {}，未变 {}，拒绝 {}。",
            file.name,
            report.kind.label(lang),
            counts.read,
            counts.created,
            counts.updated,
            counts.unchanged,
            counts.rejected,
        ),
        format!(
            "{} ({}): {} read, {} created, {} updated, {} unchanged, {} rejected.",
            file.name,
            report.kind.label(lang),
            format::rows(counts.read, lang),
            counts.created,
            counts.updated,
            counts.unchanged,
            counts.rejected,
        ),
    );
    for problem in report.problems.iter().take(PROBLEMS_SHOWN) {
        complain(&problem.words(lang));
    }
    let more = usize::try_from(report.problem_count)
        .unwrap_or(usize::MAX)
        .saturating_sub(PROBLEMS_SHOWN.min(report.problems.len()));
    if more > 0 {
        complain(&match lang {
            Lang::ZhCn => format!("还有 {more} 处问题。"),
            Lang::En if more == 1 => "1 more problem.".to_owned(),
            Lang::En => format!("{more} more problems."),
        });
    }
}

/// Options as one writes them; an unknown one is named.
fn options(text: &str) -> Result<Options, OptionsError> {
    let malformed = |error: serde_json::Error| OptionsError::Malformed {
        detail: error.to_string(),
    };
    let value: Value = serde_json::from_str(text).map_err(malformed)?;
    if let Value::Object(object) = &value {
        Options::check_names(object.keys().map(String::as_str))?;
    }
    serde_json::from_value(value).map_err(malformed)
}

fn mapping(text: &str) -> Result<BTreeMap<String, String>, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// The kinds by their names; a refusal lists them.
fn kinds() -> impl TypedValueParser<Value = Kind> {
    PossibleValuesParser::new(Kind::ALL.map(Kind::as_str))
        .try_map(|name| Kind::parse(&name).ok_or_else(|| Kind::ALL.map(Kind::as_str).join(", ")))
}
