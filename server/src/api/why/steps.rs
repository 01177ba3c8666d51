//! The steps of a number as programs read them: reasons in words, and what the program itself gave as reason with its code.

use domain::explain::{Step, StepKind};
use domain::format::Lang;
use domain::money::Currency;
use domain::reason::OwnReason;
use serde::Serialize;
use utoipa::ToSchema;

/// A step; of its `reason` the words, and no code that only this program knows.
#[derive(Serialize)]
pub(super) struct ToldStep {
    #[serde(flatten)]
    step: Step,
    /// Where there is a reason.
    #[serde(flatten)]
    because: Option<Because>,
}

/// What is told of a reason besides.
#[derive(Serialize)]
struct Because {
    #[serde(rename = "reason_zh")]
    zh: String,
    #[serde(rename = "reason_en")]
    en: String,
    #[serde(rename = "reason_code")]
    code: Option<&'static str>,
    #[serde(rename = "reason_more")]
    more: Option<i64>,
}

/// A step to a number. What else belongs to its kind stands beside these.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only described")]
pub(super) struct WhyStep {
    /// What it adds, in minor units; negative where it takes.
    amount: i64,
    /// `start`, `basis`, `unweighted`, `factor`, `hedge`, `rounding`, `bounds`, `absence`, `proposal` or `change`; of other figures
    /// than the amount also `done`, `below`, `others`, `on_record`, `line` and `line_set`.
    #[schema(example = "change")]
    kind: String,
    /// Why somebody changed it, in the language the request accepts; null where they did not say, left out of other kinds.
    #[schema(example = "Agreed with who carries it")]
    reason: Option<String>,
    /// The same in Chinese; what people wrote stands as they wrote it. Left out where there is no reason.
    reason_zh: Option<String>,
    /// The same in English.
    reason_en: Option<String>,
    /// `agreed`, `made_up` or `pasted`, where the program itself gave the reason; null where people did.
    #[schema(example = "agreed")]
    reason_code: Option<String>,
    /// With `made_up`: how much more there is in what is left of the time, in minor units; below zero: less.
    reason_more: Option<i64>,
}

impl ToldStep {
    /// The step for who reads a language.
    pub(super) fn of(mut step: Step, lang: Lang, currency: &Currency) -> Self {
        // What is written with a line is always somebody's own words.
        let (stored, own) = match &mut step.kind {
            StepKind::Change { reason, .. } => {
                let own = reason.as_deref().and_then(OwnReason::read);
                (reason.as_mut(), own)
            }
            StepKind::LineSet { reason, .. } => (reason.as_mut(), None),
            _ => (None, None),
        };
        let because = stored.map(|stored| {
            let told = |lang: Lang| own.map_or_else(|| stored.clone(), |own| own.words(lang, currency));
            let because = Because {
                zh: told(Lang::ZhCn),
                en: told(Lang::En),
                code: own.map(OwnReason::code),
                more: match own {
                    Some(OwnReason::MadeUp { more }) => Some(more.0),
                    Some(OwnReason::Agreed | OwnReason::Pasted) | None => None,
                },
            };
            stored.clone_from(lang.pick(&because.zh, &because.en));
            because
        });
        Self { step, because }
    }
}
