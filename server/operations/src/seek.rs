//! Finding people and units by what somebody types: a part of the name, its sound, or the first letters of its words.

use crate::pinyin_key;

/// What is sought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seek {
    /// In lower case.
    words: String,
    /// The same without spaces.
    letters: String,
}

impl Seek {
    /// What somebody typed; nothing finds everything.
    pub(crate) fn new(typed: &str) -> Self {
        let words = typed.trim().to_lowercase();
        let letters = words.split_whitespace().collect();
        Self { words, letters }
    }

    /// Whether a name is one that is sought.
    pub(crate) fn finds(&self, name: &str) -> bool {
        if self.words.is_empty() || name.to_lowercase().contains(&self.words) {
            return true;
        }
        let sound = pinyin_key(name);
        let first = sound.split(' ').filter_map(|word| word.chars().next());
        sound.split(' ').collect::<String>().contains(&self.letters)
            || first.collect::<String>().contains(&self.letters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_a_part_its_sound_and_its_first_letters() {
        let finds = |typed: &str, name: &str| Seek::new(typed).finds(name);
        for typed in [
            "", "  ", "王", "王琳", "wang lin", "wanglin", "wl", "WangL", "ngli",
        ] {
            assert!(finds(typed, "王琳"), "{typed}");
        }
        assert!(finds("east", "云杉 2 组 East") && finds("yunshan2", "云杉 2 组 East"));
        for typed in ["李", "lw", "wangling"] {
            assert!(!finds(typed, "王琳"), "{typed}");
        }
    }
}
