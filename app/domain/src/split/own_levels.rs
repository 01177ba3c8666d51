//! Levels that a row is given of its own, and what somebody else gave it since whoever gives them looked.

use serde::{Deserialize, Serialize};

use super::OwnLevel;
use crate::format::Lang;
use crate::level::{Above, Given, Level, Value};
use crate::money::Currency;
use crate::people::actor;
use crate::plan::NodeIndex;

/// What a row has, or is to have, on a level of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnValue {
    /// Floor, stretch or challenge.
    pub level: Level,
    /// How much.
    pub value: Value,
    /// What follows above, of this level alone.
    pub above: Above,
}

/// The levels that a row is to have of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRowLevels {
    /// The row, in the whole version.
    pub node: NodeIndex,
    /// Each level at most once; one that is not among them has the plan's ratio again, or what a row above has.
    pub own: Vec<OwnValue>,
    /// What the row had of its own when whoever gives them looked.
    #[serde(default)]
    pub seen: SeenLevels,
}

impl NewRowLevels {
    /// Levels of a row of which the same follows above, given whatever is there.
    pub fn of(node: NodeIndex, given: Given, above: Above) -> Self {
        let own = |level: Level| {
            let value = given.get(level)?;
            Some(OwnValue { level, value, above })
        };
        Self {
            node,
            own: Level::ALL.into_iter().filter_map(own).collect(),
            seen: SeenLevels::Any,
        }
    }

    /// What the row is to have on a level; none: the plan's ratio again.
    pub fn get(&self, level: Level) -> Option<OwnValue> {
        self.own.iter().find(|own| own.level == level).copied()
    }
}

/// What a row had of its own when somebody looked who gives it levels now: what somebody else gave it since is not overwritten
/// unseen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeenLevels {
    /// They do not say: it is changed whatever is there.
    #[default]
    Any,
    /// These, and nothing on any other level.
    These(Vec<OwnValue>),
}

impl SeenLevels {
    /// Who saw what a row has; what comes from a row above is not its own.
    pub fn of(own: &[OwnLevel]) -> Self {
        let value = |own: &OwnLevel| {
            Some(OwnValue {
                level: own.level,
                value: own.value.filter(|_| own.from.is_none())?,
                above: own.above,
            })
        };
        Self::These(own.iter().filter_map(value).collect())
    }

    /// Whether a level still is as it was seen.
    pub fn is(&self, level: Level, now: Option<OwnValue>) -> bool {
        match self {
            Self::Any => true,
            Self::These(seen) => seen.iter().find(|seen| seen.level == level).copied() == now,
        }
    }
}

/// What became of levels that a row was to be given.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LevelsAnswer {
    /// It has them.
    Done,
    /// Somebody gave it others meanwhile, and it is as they left it.
    Changed(LevelsChanged),
}

/// What a row has that was given other levels since somebody looked who wants to give it some.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelsChanged {
    /// The levels that are not as they were seen.
    pub changed: Vec<Level>,
    /// All that the row has of its own now, and who set it.
    pub now: Vec<OwnLevel>,
    /// The currency of the amounts.
    pub currency: Currency,
}

impl LevelsChanged {
    /// The sentence, with what would mend it.
    pub fn words(&self, lang: Lang) -> String {
        let each: Vec<String> = self.changed.iter().map(|level| self.one(*level, lang)).collect();
        match lang {
            Lang::ZhCn => format!(
                "{}。你填写的没有保存。可以照样保存，以你填写的为准；或改用现在的设定。",
                each.join("；")
            ),
            Lang::En => format!(
                "{}. What you entered was not saved. Save it anyway to replace that, or take over what is set now.",
                each.join("; ")
            ),
        }
    }

    /// What was done to a level, and by whom.
    fn one(&self, level: Level, lang: Lang) -> String {
        let name = level.word(lang);
        let Some(own) = self.now.iter().find(|own| own.level == level) else {
            return match lang {
                Lang::ZhCn => format!("本行“{name}”的另定在此期间被取消"),
                Lang::En => format!("{name} of this row was taken back meanwhile"),
            };
        };
        let by = actor(&own.by, lang);
        let value = own
            .value
            .map(|value| value.written(&self.currency))
            .unwrap_or_default();
        let above = match own.above {
            Above::Follows => lang.pick("上级随之变动", "the rows above follow"),
            Above::Stays => lang.pick("由同级各行分担", "the rows beside take the rest"),
        };
        match lang {
            Lang::ZhCn => format!("{by}在此期间把本行的“{name}”另定为 {value}（{above}）"),
            Lang::En => format!("{by} has set {name} of this row to {value} meanwhile ({above})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Minor;

    fn own(level: Level, ppm: u32, from: Option<&str>) -> OwnLevel {
        OwnLevel {
            level,
            from: from.map(str::to_owned),
            value: Some(Value::Ratio { ppm }),
            above: Above::Stays,
            by: "王五".to_owned(),
            at_ms: 1,
        }
    }

    #[test]
    fn what_was_seen_is_held_against_each_level_by_itself() {
        let own = [
            own(Level::Floor, 900_000, None),
            own(Level::Stretch, 1_200_000, Some("North")),
        ];
        let seen = SeenLevels::of(&own);
        let floor = OwnValue {
            level: Level::Floor,
            value: Value::Ratio { ppm: 900_000 },
            above: Above::Stays,
        };
        assert_eq!(
            seen,
            SeenLevels::These(vec![floor]),
            "what comes from above is not the row's"
        );
        assert!(seen.is(Level::Floor, Some(floor)) && seen.is(Level::Stretch, None));
        let follows = OwnValue {
            above: Above::Follows,
            ..floor
        };
        assert!(!seen.is(Level::Floor, Some(follows)) && !seen.is(Level::Floor, None));
        let stretch = OwnValue {
            level: Level::Stretch,
            ..floor
        };
        assert!(!seen.is(Level::Stretch, Some(stretch)));
        assert!(SeenLevels::Any.is(Level::Stretch, Some(stretch)) && SeenLevels::Any.is(Level::Floor, None));
    }

    #[test]
    fn levels_that_were_changed_meanwhile_are_told_with_who_set_what() {
        let mut stretch = own(Level::Stretch, 1_300_500, None);
        stretch.value = Some(Value::Amount {
            amount: Minor(12_345),
        });
        let changed = LevelsChanged {
            changed: vec![Level::Floor, Level::Stretch, Level::Challenge],
            now: vec![own(Level::Floor, 900_500, None), stretch],
            currency: Currency {
                code: "CNY".into(),
                decimals: 2,
            },
        };
        for (lang, gone) in [
            (Lang::ZhCn, "“挑战”的另定在此期间被取消"),
            (Lang::En, "Challenge of this row was taken back"),
        ] {
            let words = changed.words(lang);
            for part in ["王五", "90.05 %", "123.45", gone] {
                assert!(words.contains(part), "{words}");
            }
        }
    }
}
