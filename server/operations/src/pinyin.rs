//! Names by their sound, for order and search.

use pinyin::ToPinyin;

/// Surnames read otherwise than the same character elsewhere.
const SURNAMES: [(char, &str); 16] = [
    ('单', "shan"),
    ('曾', "zeng"),
    ('仇', "qiu"),
    ('解', "xie"),
    ('查', "zha"),
    ('任', "ren"),
    ('朴', "piao"),
    ('区', "ou"),
    ('盖', "ge"),
    ('尉', "wei"),
    ('乐', "yue"),
    ('缪', "miao"),
    ('翟', "zhai"),
    ('冼', "xian"),
    ('覃', "qin"),
    ('秘', "bi"),
];

/// Words read otherwise than character by character.
const WORDS: [(&str, &str); 14] = [
    ("重庆", "chong qing"),
    ("厦门", "xia men"),
    ("长沙", "chang sha"),
    ("长春", "chang chun"),
    ("长治", "chang zhi"),
    ("长江", "chang jiang"),
    ("蚌埠", "beng bu"),
    ("六安", "lu an"),
    ("丽水", "li shui"),
    ("番禺", "pan yu"),
    ("朝阳", "chao yang"),
    ("大厦", "da sha"),
    ("银行", "yin hang"),
    ("行业", "hang ye"),
];

/// The key of a person's name: see [`pinyin_key`]; the first character is read as a surname.
pub(crate) fn person_key(name: &str) -> String {
    let name = name.trim();
    let surname = name
        .chars()
        .next()
        .and_then(|first| SURNAMES.iter().find(|(character, _)| *character == first));
    // Names of regions begin with such characters too (区, 乐), names of people of two to four characters do so as surnames.
    match surname {
        Some((character, sound)) if (2..=4).contains(&name.chars().count()) => {
            format!("{sound} {}", pinyin_key(&name[character.len_utf8()..]))
        }
        _ => pinyin_key(name),
    }
}

/// A name in lower-case Latin letters, one word a Chinese character, words as they are otherwise, joined by spaces:
/// `云杉 2 组 East` → `yun shan 2 zu east`. Sorts by sound, and its words' first letters find it too.
pub fn pinyin_key(name: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    let mut rest = name;
    while let Some(character) = rest.chars().next() {
        if let Some((word, sound)) = WORDS.iter().find(|(word, _)| rest.starts_with(word)) {
            words.extend(sound.split(' ').map(str::to_owned));
            rest = &rest[word.len()..];
            open = false;
            continue;
        }
        rest = &rest[character.len_utf8()..];
        if let Some(sound) = character.to_pinyin() {
            words.push(sound.plain().to_owned());
            open = false;
        } else if character.is_alphanumeric() {
            match words.last_mut().filter(|_| open) {
                Some(word) => word.extend(character.to_lowercase()),
                None => words.push(character.to_lowercase().collect()),
            }
            open = true;
        } else {
            open = false;
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_sounds() {
        assert_eq!(pinyin_key("云杉2组 East-Side"), "yun shan 2 zu east side");
        assert_eq!(pinyin_key("Darcel Schlecht"), "darcel schlecht");
        assert_eq!(pinyin_key("驻重庆办"), "zhu chong qing ban");
        assert_eq!(person_key("单立新"), "shan li xin");
        assert_eq!(person_key("曾艳"), "zeng yan");
        assert_eq!(person_key("王琳"), "wang lin");
        assert_eq!(pinyin_key("  "), "");
    }
}
