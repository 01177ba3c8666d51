//! The form of a market factor.

use domain::assumption::PlanningQuery;
use domain::calendar::Day;
use domain::id::UnitId;
use domain::money::{AmountStyle, Currency, Minor, parse_minor};
use domain::outlook::{Effect, Factor, FactorKind, NamedThing, NewFactor};
use domain::target::Span;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::about::About;
use super::factors::kind_name;
use super::upload::Report;
use super::{add_factor, edit_factor, remove_factor};
use crate::error::AppError;
use crate::ui::{
    Button, ButtonKind, Choice, DateField, Field, FieldKind, Segment, Select, Toast, use_toasts, words_of,
};
use crate::words::{lang, t, t_string, use_i18n};

const PERCENT: &str = "percent";
const MONEY: &str = "money";

/// The fields that say themselves what is wrong with them.
const SHOWN: [&str; 7] = ["name", "from", "to", "effect", "weight", "source", "link"];

/// What is wrong with what was entered.
#[derive(Clone, Debug)]
struct Fault {
    /// The field concerned; empty where it is none.
    field: String,
    words: String,
}

impl Fault {
    fn new(field: impl Into<String>, words: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            words: words.into(),
        }
    }
}

/// Where a factor may be: a unit, or the whole.
#[derive(Clone, Debug)]
pub struct Place {
    /// None: the whole.
    pub unit: Option<UnitId>,
    /// What it is called.
    pub name: String,
}

/// The form, filled with a factor that is there already.
#[component]
pub(super) fn Form(
    factor: Option<Factor>,
    places: StoredValue<Vec<Place>>,
    currency: StoredValue<Currency>,
    /// The planned days: what a new factor holds for at first.
    span: Span,
    asked: Memo<PlanningQuery>,
    done: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let known = factor.as_ref().map(|factor| factor.id);
    let entry = factor.as_ref().map(|factor| factor.entry.clone());
    let text = |read: fn(&NewFactor) -> String| RwSignal::new(entry.as_ref().map(read).unwrap_or_default());
    let name = text(|entry| entry.name.clone());
    let source = text(|entry| entry.source.clone());
    let link = text(|entry| entry.link.clone().unwrap_or_default());
    let kind = RwSignal::new(
        entry
            .as_ref()
            .map_or(FactorKind::IndustryGrowth, |entry| entry.kind),
    );
    let unit = RwSignal::new(entry.as_ref().and_then(|entry| entry.unit));
    let of = RwSignal::new(entry.as_ref().and_then(|entry| entry.of));
    let named = factor.as_ref().and_then(|factor| {
        let (of, name) = (factor.entry.of?, factor.of_name.clone());
        Some(NamedThing { of, name })
    });
    let days = entry.as_ref().map_or(span, |entry| entry.span);
    let from = RwSignal::new(Some(days.starts_on));
    // People name the last day; the day after it is ours.
    let to = RwSignal::new(Some(days.ends_on.plus(-1)));
    let weight = RwSignal::new(entry.as_ref().map_or(100, |entry| entry.weight).to_string());
    let effect = entry.as_ref().map(|entry| entry.effect);
    let measure = RwSignal::new(match effect {
        Some(Effect::Money { .. }) => MONEY.to_owned(),
        _ => PERCENT.to_owned(),
    });
    let size = RwSignal::new(match effect {
        Some(Effect::Percent { hundredths }) => plain(i64::from(hundredths), 2),
        Some(Effect::Money { amount }) => currency.with_value(|currency| plain(amount.0, currency.decimals)),
        None => String::new(),
    });
    let report = RwSignal::new(factor.as_ref().and_then(|factor| factor.attached.clone()));
    let busy = RwSignal::new(false);
    // What was wrong when it was last saved, each with its field.
    let faults = RwSignal::new(Vec::<Fault>::new());
    let at = move |field: &'static str| {
        Signal::derive(move || {
            faults.with(|faults| {
                let of_field = faults.iter().find(|fault| fault.field == field);
                of_field.map(|fault| fault.words.clone())
            })
        })
    };
    let read_effect = move || {
        let text = size.get();
        if measure.get() == MONEY {
            currency
                .with_value(|currency| parse_minor(&text, currency, AmountStyle::default()))
                .ok()
                .map(|amount| Effect::Money { amount })
        } else {
            hundredths(&text).map(|hundredths| Effect::Percent { hundredths })
        }
    };
    // Nothing is wrong with days that are not planned, but nothing comes of them either.
    let outside = move || {
        let (from, to) = (from.get(), to.get());
        from.zip(to)
            .is_some_and(|(from, to)| from <= to && (to < span.starts_on || span.ends_on <= from))
    };
    let wrong = move || {
        let typed = size.with(|text| !text.trim().is_empty());
        (typed && read_effect().is_none())
            .then(|| t_string!(i18n, outlook.not_a_number).to_owned())
            .or_else(|| at("effect").get())
    };
    let read = move || -> Result<NewFactor, Vec<Fault>> {
        let mut wrong = Vec::new();
        let missing = |field: &str| Fault::new(field, t_string!(i18n, outlook.missing));
        let not_a_number = |field: &str| Fault::new(field, t_string!(i18n, outlook.not_a_number));
        if name.with_untracked(|name| name.trim().is_empty()) {
            wrong.push(missing("name"));
        }
        let effect = untrack(read_effect);
        if size.with_untracked(|size| size.trim().is_empty()) {
            wrong.push(missing("effect"));
        } else if effect.is_none() {
            wrong.push(not_a_number("effect"));
        }
        let weight = weight.get_untracked();
        let weight = hundredths(weight.trim_end_matches(['%', '％']));
        if weight.is_none() {
            wrong.push(not_a_number("weight"));
        }
        for (field, day) in [("from", from), ("to", to)] {
            if day.get_untracked().is_none() {
                wrong.push(missing(field));
            }
        }
        let (Some(effect), Some(weight), Some(starts_on), Some(last), true) = (
            effect,
            weight,
            from.get_untracked(),
            to.get_untracked(),
            wrong.is_empty(),
        ) else {
            return Err(wrong);
        };
        let new = NewFactor {
            kind: kind.get_untracked(),
            name: name.get_untracked(),
            unit: unit.get_untracked(),
            of: of.get_untracked(),
            span: Span {
                starts_on,
                ends_on: last.plus(1),
            },
            effect,
            weight: u8::try_from(weight / 100).unwrap_or(u8::MAX),
            source: source.get_untracked(),
            link: Some(link.get_untracked()),
            attachment: report.with_untracked(|report| report.as_ref().map(|file| file.id)),
        };
        new.checked().map_err(|error| {
            vec![Fault::new(
                error.field(),
                error.words(lang(i18n.get_locale_untracked())),
            )]
        })
    };
    let settle = move |result: Result<(), AppError>| {
        // The form may be closed, and the page left, when the answer comes.
        let _gone = busy.try_set(false);
        match result {
            Ok(()) => {
                let _gone = done.try_run(());
            }
            Err(error) => faults.set(vec![Fault::new(
                error.field().unwrap_or_default(),
                words_of(&error, i18n),
            )]),
        }
    };
    let save = move |_| match read() {
        Ok(new) => {
            let planning = asked.get_untracked();
            faults.set(Vec::new());
            busy.set(true);
            spawn_local(async move {
                let saved = match known {
                    Some(id) => edit_factor(planning, id, new).await,
                    None => add_factor(planning, new).await,
                };
                settle(saved.map(|_| ()));
            });
        }
        Err(found) => faults.set(found),
    };
    let remove = move |_| {
        let Some(id) = known else { return };
        let (planning, gone) = (asked.get_untracked(), name.get_untracked());
        busy.set(true);
        spawn_local(async move {
            let removed = remove_factor(planning, id).await;
            if removed.is_ok() {
                toasts.show(Toast::done(
                    t_string!(i18n, outlook.removed, name = gone).to_string(),
                ));
            }
            settle(removed);
        });
    };
    let kinds = Signal::derive(move || {
        FactorKind::ALL
            .into_iter()
            .map(|kind| Choice::new(kind.as_str(), kind_name(kind, i18n)))
            .collect::<Vec<_>>()
    });
    let units = Signal::derive(move || {
        places.with_value(|places| {
            places
                .iter()
                .map(|place| Choice::new(value_of(place.unit), place.name.clone()))
                .collect::<Vec<_>>()
        })
    });
    let measures = Signal::derive(move || {
        vec![
            Choice::new(PERCENT, t_string!(i18n, outlook.effect_percent)),
            Choice::new(MONEY, t_string!(i18n, outlook.effect_money)),
        ]
    });
    let is_money = move || measure.get() == MONEY;
    let size_label = move || {
        if is_money() {
            t_string!(i18n, outlook.amount).to_owned()
        } else {
            t_string!(i18n, outlook.percent).to_owned()
        }
    };
    let size_hint = move || {
        if is_money() {
            t_string!(i18n, outlook.amount_hint).to_owned()
        } else {
            t_string!(i18n, outlook.percent_hint).to_owned()
        }
    };
    view! {
        <div class="stack">
            <Field label=t!(i18n, outlook.name) name="factor-name" bind=name required=true error=at("name") />
            <Select
                label=t!(i18n, outlook.kind)
                name="factor-kind"
                choices=kinds
                value=Signal::derive(move || kind.get().as_str().to_owned())
                on_pick=Callback::new(move |picked: String| {
                    if let Some(picked) = FactorKind::parse(&picked) {
                        kind.set(picked);
                    }
                })
            />
            <Select
                label=t!(i18n, outlook.place)
                name="factor-unit"
                choices=units
                value=Signal::derive(move || value_of(unit.get()))
                on_pick=Callback::new(move |picked: String| unit.set(picked.parse().ok()))
            />
            <About of=of known=named />
            <div class="row wrap">
                <DateField
                    label=t!(i18n, outlook.from)
                    name="factor-from"
                    value=from
                    error=at("from")
                    on_pick=Callback::new(move |day: Option<Day>| from.set(day))
                />
                <DateField
                    label=t!(i18n, outlook.to)
                    name="factor-to"
                    value=to
                    error=at("to")
                    on_pick=Callback::new(move |day: Option<Day>| to.set(day))
                />
            </div>
            <Segment
                label=t!(i18n, outlook.effect)
                choices=measures
                value=measure
                on_pick=Callback::new(move |picked| measure.set(picked))
            />
            <Field
                label=size_label
                name="factor-effect"
                kind=FieldKind::Number
                bind=size
                hint=size_hint
                error=Signal::derive(wrong)
            />
            <Field
                label=t!(i18n, outlook.weight)
                name="factor-weight"
                kind=FieldKind::Number
                bind=weight
                hint=t!(i18n, outlook.weight_hint)
                error=at("weight")
            />
            <Field label=t!(i18n, outlook.source) name="factor-source" bind=source hint=t!(i18n, outlook.source_hint) error=at("source") />
            <Field label=t!(i18n, outlook.link) name="factor-link" bind=link placeholder="https://" error=at("link") />
            <Report report=report />
            {move || {
                let rest = |faults: &Vec<Fault>| {
                    faults.iter().find(|fault| !SHOWN.contains(&&*fault.field)).map(|fault| fault.words.clone())
                };
                faults.with(rest).map(|words| view! { <div class="fld"><p class="wrong" role="alert">{words}</p></div> })
            }}
            {move || {
                outside().then(|| view! { <p class="sm is-behind" data-hint="outside">{t!(i18n, outlook.outside)}</p> })
            }}
            <div class="row between">
                <Button kind=ButtonKind::Primary busy=busy press=save>
                    {t!(i18n, outlook.save)}
                </Button>
                {known.map(|_| view! {
                    <Button kind=ButtonKind::Danger busy=busy press=remove>
                        {t!(i18n, outlook.remove)}
                    </Button>
                })}
            </div>
        </div>
    }
}

fn value_of(unit: Option<UnitId>) -> String {
    unit.map_or_else(String::new, |unit| unit.to_string())
}

/// A number of hundredths as it is typed: `3.5` is 350. It is read as an amount of two decimals is, of no currency.
fn hundredths(text: &str) -> Option<i32> {
    let hundred = Currency {
        code: String::new(),
        decimals: 2,
    };
    let text = text.trim().trim_end_matches(['%', '％']);
    let Minor(read) = parse_minor(text, &hundred, AmountStyle::default()).ok()?;
    i32::try_from(read).ok()
}

/// A number of minor units as one types it.
fn plain(amount: i64, decimals: u8) -> String {
    let scale = 10_i64.pow(u32::from(decimals.min(4)));
    let (whole, rest) = (amount.abs() / scale, amount.abs() % scale);
    let sign = if amount < 0 { "-" } else { "" };
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let digits = format!("{rest:0width$}", width = usize::from(decimals));
    format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_reads_back() {
        for (text, read) in [
            ("3.5", 350),
            ("-3.5", -350),
            ("−12", -1_200),
            ("0.25%", 25),
            ("100", 10_000),
        ] {
            assert_eq!(hundredths(text), Some(read), "{text}");
        }
        assert_eq!(hundredths("much"), None);
        for (amount, text) in [(350, "3.5"), (-350, "-3.5"), (1_200, "12"), (5, "0.05")] {
            assert_eq!(plain(amount, 2), text);
        }
        assert_eq!(plain(7, 0), "7");
    }
}
