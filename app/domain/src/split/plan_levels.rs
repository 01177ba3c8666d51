//! Deciding the levels of a whole plan as somebody who looked at them: what somebody else decided meanwhile is told and not
//! overwritten unseen.

use serde::{Deserialize, Serialize};

use crate::format::Lang;
use crate::level::{Given, Level};
use crate::money::Currency;
use crate::people::actor;

/// What became of levels that a whole plan was to have.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanLevelsAnswer {
    /// It has them.
    Done,
    /// Somebody decided others meanwhile, and it is as they left it.
    Changed(PlanLevelsChanged),
}

/// What a plan has that was given other levels since somebody looked who wants to decide them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanLevelsChanged {
    /// The levels that are not as they were seen.
    pub changed: Vec<Level>,
    /// What is decided now.
    pub now: Given,
    /// Who decided it; none where the log does not tell.
    pub by: Option<String>,
    /// The currency of the amounts.
    pub currency: Currency,
}

impl PlanLevelsChanged {
    /// What somebody else decided since whoever decides them looked; none where it is as they saw it, or as they want it.
    pub fn since(
        seen: &Given,
        now: &Given,
        wanted: &Given,
        currency: &Currency,
        by: Option<String>,
    ) -> Option<Self> {
        let is_changed = |level: &Level| {
            let there = now.get(*level);
            there != seen.get(*level) && there != wanted.get(*level)
        };
        let changed: Vec<Level> = Level::ALL.into_iter().filter(is_changed).collect();
        (!changed.is_empty()).then(|| Self {
            changed,
            now: *now,
            by,
            currency: currency.clone(),
        })
    }

    /// The sentence, with what would mend it.
    pub fn words(&self, lang: Lang) -> String {
        let each: Vec<String> = self.changed.iter().map(|level| self.one(*level, lang)).collect();
        match lang {
            Lang::ZhCn => format!(
                "{}。你填写的没有保存；再保存一次，就以你填写的为准。",
                each.join("；")
            ),
            Lang::En => format!(
                "{}. What you entered was not saved; save it once more to replace that.",
                each.join("; ")
            ),
        }
    }

    /// What was done to a level, and by whom.
    fn one(&self, level: Level, lang: Lang) -> String {
        let name = level.word(lang);
        let by = match &self.by {
            Some(by) => actor(by, lang),
            None => lang.pick("有人", "somebody"),
        };
        match (self.now.get(level), lang) {
            (Some(value), Lang::ZhCn) => {
                format!(
                    "{by}在此期间把整个计划的“{name}”定为 {}",
                    value.written(&self.currency)
                )
            }
            (Some(value), Lang::En) => format!(
                "{name} of the plan was set to {} meanwhile by {by}",
                value.written(&self.currency)
            ),
            (None, Lang::ZhCn) => format!("{by}在此期间取消了整个计划的“{name}”"),
            (None, Lang::En) => format!("{name} of the plan was taken back meanwhile by {by}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::level::Value;

    fn given(floor: Option<u32>, stretch: Option<u32>) -> Given {
        let value = |ppm: Option<u32>| ppm.map(|ppm| Value::Ratio { ppm });
        Given {
            floor: value(floor),
            stretch: value(stretch),
            challenge: None,
        }
    }

    #[test]
    fn a_level_that_is_neither_as_it_was_seen_nor_as_it_is_wanted_was_changed() {
        let currency = Currency::from_code("CNY").unwrap();
        let since = |seen: Given, now: Given, wanted: Given| {
            PlanLevelsChanged::since(&seen, &now, &wanted, &currency, None).map(|changed| changed.changed)
        };
        let (none, floor) = (given(None, None), given(Some(900_000), None));
        let both = given(Some(900_000), Some(1_100_000));
        assert_eq!(since(floor, floor, both), None, "nobody changed it");
        assert_eq!(since(none, both, both), None, "sent twice, or wanted by two");
        assert_eq!(since(none, floor, both), None, "what is wanted is there already");
        assert_eq!(since(floor, both, floor), Some(vec![Level::Stretch]));
        assert_eq!(
            since(both, floor, both),
            Some(vec![Level::Stretch]),
            "it was taken back"
        );
        let other = given(Some(800_000), None);
        assert_eq!(since(both, other, both), Some(vec![Level::Floor, Level::Stretch]));
    }

    #[test]
    fn it_is_said_who_set_what() {
        let changed = PlanLevelsChanged {
            changed: vec![Level::Floor, Level::Stretch],
            now: given(Some(850_000), None),
            by: Some("Zhou".to_owned()),
            currency: Currency::from_code("CNY").unwrap(),
        };
        for lang in [Lang::ZhCn, Lang::En] {
            let words = changed.words(lang);
            assert!(words.contains("85 %") && words.contains("Zhou"), "{words}");
        }
    }
}
