//! The four levels: what was decided, what it comes to, and how likely that is.

use domain::format::{self, Lang};
use domain::level::{Given, Level, Value};
use domain::money::{AmountStyle, Minor, parse_minor, parse_ratio};
use domain::outlook::Distribution;
use domain::split::PlanLevelsAnswer;
use domain::target::{DoneBefore, LevelRow, TargetBoard, rounded};
use leptos::prelude::*;

use super::board::Hand;
use super::chance::{chance, money, percentile, standing};
use crate::error::AppError;
use crate::ui::{Button, ButtonKind, ButtonSize, Glyph, Icon, StandingMark, words_of};
use crate::words::{lang, t, t_string, use_i18n};

/// Where the other levels are proposed: reached nearly always, seldom, and almost never.
const PROPOSED: [(Level, f64); 3] = [
    (Level::Floor, 0.12),
    (Level::Stretch, 0.75),
    (Level::Challenge, 0.93),
];

/// What is wrong with what was typed.
#[derive(Clone, Debug)]
struct Bad {
    /// With which level, where it is about one.
    level: Option<Level>,
    words: String,
}

/// The card of the levels.
#[component]
pub(super) fn LevelCard(board: TargetBoard, hand: Hand) -> impl IntoView {
    let i18n = use_i18n();
    let TargetBoard {
        levels,
        level_fault,
        level_fault_at,
        outlook,
        last_year,
        total,
        may_edit,
        ..
    } = board;
    let currency = hand.currency;
    let fields: Vec<(Level, RwSignal<String>)> = levels
        .iter()
        .filter(|row| row.level != Level::Target)
        .map(|row| {
            (
                row.level,
                RwSignal::new(currency.with_value(|currency| written(row.value, currency))),
            )
        })
        .collect();
    let bad = RwSignal::new(None::<Bad>);
    // What somebody else decided meanwhile is told before it is replaced.
    let seen = StoredValue::new(seen_of(&levels));
    let send = move |given: Given| {
        bad.set(None);
        let before = seen.get_value();
        let sent = async move {
            match super::set_levels(hand.version, given, Some(before)).await? {
                PlanLevelsAnswer::Done => Ok(()),
                PlanLevelsAnswer::Changed(other) => {
                    // The page may have been left.
                    let _gone = seen.try_set_value(other.now);
                    Err(AppError::Conflict {
                        code: "levels_changed".to_owned(),
                        zh: other.words(Lang::ZhCn),
                        en: other.words(Lang::En),
                    })
                }
            }
        };
        hand.send_form(sent, move |error| {
            bad.set(Some(Bad {
                level: error.field().and_then(Level::parse),
                words: words_of(error, i18n),
            }));
        });
    };
    let texts = StoredValue::new(fields.clone());
    let save = move |_| {
        let mut given = Given::default();
        for (level, text) in texts.get_value() {
            let text = text.get_untracked();
            match currency.with_value(|currency| read(&text, currency)) {
                Ok(value) => given = given.with(level, value),
                Err(()) => {
                    bad.set(Some(Bad {
                        level: Some(level),
                        words: t_string!(i18n, target.levels_bad, text = text).to_string(),
                    }));
                    return;
                }
            }
        }
        send(given);
    };
    let proposal = outlook.as_ref().and_then(|law| proposed(law, total));
    let fault = level_fault.map(|fault| {
        move || {
            let lang = lang(i18n.get_locale());
            currency.with_value(|currency| fault.words_at(level_fault_at.as_deref(), lang, currency))
        }
    });
    let rows = levels
        .into_iter()
        .map(|row| {
            let field = fields.iter().find(|(level, _)| *level == row.level).map(|(_, text)| *text);
            view! { <Row row=row law=outlook.clone() last_year=last_year field=field.filter(|_| may_edit) bad=bad hand=hand /> }
        })
        .collect_view();
    view! {
        <section class="card w7">
            <header>
                <h2>{t!(i18n, target.levels)}</h2>
                <span class="end">
                    {proposal.filter(|_| may_edit).map(|given| view! {
                        <Button kind=ButtonKind::Link busy=hand.busy press=move |_| send(given)>
                            {t!(i18n, target.levels_from_percentiles)}
                        </Button>
                    })}
                </span>
            </header>
            {fault.map(|words| view! {
                <p class="row is-far" data-figure="level-fault">
                    <Icon glyph=Glyph::Warning />
                    <span>{words}</span>
                </p>
            })}
            <div class="scroll-x">
                <table class="tb levels">
                    <caption class="sr">{t!(i18n, target.levels)}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, target.level)}</th>
                            <th scope="col" class="num">{t!(i18n, target.level_given)}</th>
                            <th scope="col" class="num">{t!(i18n, target.level_amount)}</th>
                            <th scope="col" class="num">{t!(i18n, target.level_sits)}</th>
                            <th scope="col" class="num">{t!(i18n, target.level_chance)}</th>
                            <th scope="col" class="num">{t!(i18n, target.level_growth)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {may_edit.then(|| view! {
                <p class="row wrap">
                    <Button size=ButtonSize::Small busy=hand.busy press=save>{t!(i18n, target.levels_save)}</Button>
                    <span class="sm" class:muted=move || bad.with(Option::is_none) class:is-far=move || bad.with(Option::is_some) role="status">
                        {move || bad.get().map_or_else(|| t_string!(i18n, target.levels_hint).to_owned(), |bad| bad.words)}
                    </span>
                </p>
            })}
        </section>
    }
}

/// What was decided of the levels, as whoever looks at their rows sees it.
pub(crate) fn seen_of(rows: &[LevelRow]) -> Given {
    let decided = rows.iter().filter(|row| row.level != Level::Target);
    decided.fold(Given::default(), |given, row| given.with(row.level, row.value))
}

#[component]
fn Row(
    row: LevelRow,
    law: Option<Distribution>,
    last_year: Option<DoneBefore>,
    field: Option<RwSignal<String>>,
    bad: RwSignal<Option<Bad>>,
    hand: Hand,
) -> impl IntoView {
    let i18n = use_i18n();
    let currency = hand.currency;
    let LevelRow {
        level, value, amount, ..
    } = row;
    let name = move || level.word(lang(i18n.get_locale()));
    let known = law
        .zip(amount)
        .map(|(law, amount)| (law.percentile_of(amount), law.chance_of(amount)));
    let sits = known.map_or_else(|| format::NONE.to_owned(), |(place, _)| percentile(place));
    let mark = match known {
        Some((_, of)) => view! { <StandingMark standing=standing(of)>{chance(of)}</StandingMark> }.into_any(),
        None => format::NONE.into_any(),
    };
    let growth = amount
        .zip(last_year)
        .and_then(|(amount, before)| before.growth(amount));
    let growth = growth.map_or_else(|| format::NONE.to_owned(), format::percent_change);
    let given = match field {
        Some(text) => view! {
            <input
                class="input num s"
                aria-label=name
                name=format!("level-{}", level.as_str())
                aria-invalid=move || bad.with(|bad| bad.as_ref().is_some_and(|bad| bad.level == Some(level))).then_some("true")
                prop:value=move || text.get()
                value=text.get_untracked()
                on:input=move |event| text.set(event_target_value(&event))
            />
        }
        .into_any(),
        None => currency
            .with_value(|currency| written(value, currency))
            .into_any(),
    };
    let full = amount.map(|amount| currency.with_value(|currency| format::full(amount, currency)));
    let shown = move || match amount {
        Some(amount) => currency.with_value(|currency| money(amount, currency, lang(i18n.get_locale()))),
        None => format::NONE.to_owned(),
    };
    view! {
        <tr class:aim=level == Level::Target data-level=level.as_str() data-minor=amount.map(|amount| amount.0)>
            <th scope="row">{name}</th>
            <td class="num">{given}</td>
            <td class="num strong" title=full>{shown}</td>
            <td class="num">{sits}</td>
            <td class="num">{mark}</td>
            <td class="num muted">{growth}</td>
        </tr>
    }
}

/// The levels by percentiles, as round amounts in order around the target; none where nothing is open.
fn proposed(law: &Distribution, total: Minor) -> Option<Given> {
    if law.is_certain() {
        return None;
    }
    let mut given = Given::default();
    let mut least = total;
    for (level, at) in PROPOSED {
        let amount = rounded(law.at(at));
        let amount = if level == Level::Floor {
            amount.min(total)
        } else {
            least = amount.max(least);
            least
        };
        given = given.with(level, Some(Value::Amount { amount }));
    }
    Some(given)
}

/// What was decided, as one would type it.
pub(crate) fn written(value: Option<Value>, currency: &domain::money::Currency) -> String {
    value.map(|value| value.written(currency)).unwrap_or_default()
}

/// What was typed for levels; where one of them is neither a ratio nor an amount, that text.
pub(crate) fn given_of(
    typed: impl IntoIterator<Item = (Level, String)>,
    currency: &domain::money::Currency,
) -> Result<Given, String> {
    let mut given = Given::default();
    for (level, text) in typed {
        match read(&text, currency) {
            Ok(value) => given = given.with(level, value),
            Err(()) => return Err(text),
        }
    }
    Ok(given)
}

/// A ratio or an amount; blank is not set.
fn read(text: &str, currency: &domain::money::Currency) -> Result<Option<Value>, ()> {
    let text = text.trim();
    if text.is_empty() || text == "%" {
        return Ok(None);
    }
    if text.ends_with(['%', '％']) {
        return parse_ratio(text)
            .map(|ppm| Some(Value::Ratio { ppm }))
            .map_err(drop);
    }
    let style = AmountStyle::default();
    let amount = parse_minor(text, currency, style).map_err(drop)?;
    if amount.0 < 0 {
        return Err(());
    }
    Ok(Some(Value::Amount { amount }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::money::Currency;

    #[test]
    fn what_is_written_reads_back() {
        let cny = Currency::from_code("CNY").unwrap();
        for value in [
            None,
            Some(Value::Ratio { ppm: 950_000 }),
            Some(Value::Ratio { ppm: 1_123_456 }),
            Some(Value::Amount {
                amount: Minor(810_000_005),
            }),
        ] {
            assert_eq!(read(&written(value, &cny), &cny), Ok(value));
        }
        assert_eq!(written(Some(Value::Ratio { ppm: 1_100_000 }), &cny), "110 %");
        for wrong in ["much", "-5", "-5 %"] {
            assert!(read(wrong, &cny).is_err(), "{wrong}");
        }
    }

    #[test]
    fn proposed_levels_are_in_order() {
        let law = Distribution::of(
            |chance| Minor(1_000_000 + (chance * 1_000_000.0) as i64),
            Some(Minor(0)),
        );
        for total in [1, 1_400_000, 1_900_001, 5_000_000] {
            let given = proposed(&law, Minor(total)).unwrap();
            let amount = |level| match given.get(level) {
                Some(Value::Amount { amount }) => amount.0,
                other => panic!("{other:?}"),
            };
            assert!(amount(Level::Floor) <= total);
            assert!(total <= amount(Level::Stretch) && amount(Level::Stretch) <= amount(Level::Challenge));
        }
        assert_eq!(proposed(&Distribution::certain(Minor(5)), Minor(7)), None);
    }
}
