//! How likely an amount is, in words, and amounts to choose by how likely they are.

use domain::format::{self, Lang};
use domain::money::{Currency, Minor};
use domain::outlook::Distribution;
use domain::target::rounded;
use leptos::prelude::*;

use crate::ui::{Button, ButtonSize, Standing, StandingMark};
use crate::words::{lang, t, t_string, use_i18n};

/// The percentiles that are offered as targets: from one that is mostly reached to one that seldom is.
const OFFERED: [f64; 5] = [0.30, 0.40, 0.50, 0.60, 0.70];

/// `P93`; at the ends of what can be told `P<1` and `P>99`.
pub(crate) fn percentile(place: f64) -> String {
    if place < 0.5 {
        "P<1".to_owned()
    } else if place > 99.5 {
        "P>99".to_owned()
    } else {
        format!("P{place:.0}")
    }
}

/// `7 %`; `<1 %` and `>99 %` at the ends: nothing that is to come is certain.
pub(crate) fn chance(of: f64) -> String {
    let percent = of * 100.0;
    if percent <= 0.0 {
        "0 %".to_owned()
    } else if percent >= 100.0 {
        "100 %".to_owned()
    } else if percent < 0.5 {
        "<1 %".to_owned()
    } else if percent > 99.5 {
        ">99 %".to_owned()
    } else {
        format!("{percent:.0} %")
    }
}

/// Where a chance stands: from 60 % on most plans succeed, below 20 % a target is a wish.
pub(crate) fn standing(of: f64) -> Standing {
    match of {
        of if of >= 0.6 => Standing::Ahead,
        of if of >= 0.4 => Standing::OnPace,
        of if of >= 0.2 => Standing::Behind,
        _ => Standing::Far,
    }
}

/// An amount with its unit, as figures are read aloud.
pub(super) fn money(amount: Minor, currency: &Currency, lang: Lang) -> String {
    format!(
        "{}{}",
        format::symbol(currency),
        format::compact(amount, currency, lang)
    )
}

/// The sentence of an amount: where it sits and how often it is reached.
#[component]
pub(super) fn Chance(
    /// What may come; none where nothing can be said.
    law: Signal<Option<Distribution>>,
    /// The amount.
    amount: Signal<Option<Minor>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let known = move || {
        let amount = amount.get()?;
        law.with(|law| {
            law.as_ref()
                .map(|law| (law.chance_of(amount), law.percentile_of(amount)))
        })
    };
    view! {
        {move || match known() {
            Some((of, place)) => {
                let sentence = move || {
                    t_string!(i18n, target.sits_at, percentile = percentile(place), times = format!("{:.0}", of * 100.0)).to_string()
                };
                view! {
                    <p class="row wrap" data-figure="chance" data-chance=format!("{of:.4}")>
                        <StandingMark standing=standing(of)>
                            {move || t_string!(i18n, target.chance, percent = chance(of)).to_string()}
                        </StandingMark>
                        <span class="sm">{sentence}</span>
                    </p>
                }
                    .into_any()
            }
            None if law.with(Option::is_none) => view! { <p class="sm muted">{t!(i18n, target.sits_nowhere)}</p> }.into_any(),
            None => ().into_any(),
        }}
    }
}

/// Amounts to choose, from the percentiles of what may come; each a round number.
#[component]
pub(super) fn Picks(
    /// What may come.
    law: Signal<Option<Distribution>>,
    /// The currency of its amounts.
    currency: StoredValue<Currency>,
    /// Hears the choice.
    on_pick: Callback<Minor>,
) -> impl IntoView {
    let i18n = use_i18n();
    let offers = move || {
        law.with(|law| {
            let law = law.as_ref().filter(|law| !law.is_certain())?;
            let mut offers: Vec<(String, Minor)> = OFFERED
                .into_iter()
                .map(|at| rounded(law.at(at)))
                .filter(|amount| amount.0 > 0)
                .map(|amount| (percentile(law.percentile_of(amount)), amount))
                .collect();
            offers.dedup_by_key(|(_, amount)| *amount);
            (!offers.is_empty()).then_some(offers)
        })
    };
    view! {
        {move || {
            offers()
                .map(|offers| {
                    view! {
                        <div class="fld">
                            <span class="sm muted">{t!(i18n, target.from_percentiles)}</span>
                            <div class="row wrap">
                                {offers
                                    .into_iter()
                                    .map(|(place, amount)| {
                                        let shown = move || currency.with_value(|currency| money(amount, currency, lang(i18n.get_locale())));
                                        let (label, key) = (place.clone(), place.clone());
                                        let whole = move || {
                                            t_string!(i18n, target.use_percentile, percentile = label.clone(), amount = shown()).to_string()
                                        };
                                        view! {
                                            <Button size=ButtonSize::Small attr:title=whole attr:data-pick=key press=move |_| on_pick.run(amount)>
                                                {place} " " <span class="muted">{shown}</span>
                                            </Button>
                                        }
                                    })
                                    .collect_view()}
                            </div>
                        </div>
                    }
                })
        }}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_to_come_is_certain() {
        assert_eq!(
            ["P<1", "P93", "P>99"].map(str::to_owned),
            [0.2, 93.4, 99.9].map(percentile)
        );
        assert_eq!(
            ["<1 %", "7 %", ">99 %", "0 %", "100 %"].map(str::to_owned),
            [0.001, 0.066, 0.999, 0.0, 1.0].map(chance)
        );
        assert_eq!(
            [0.6, 0.4, 0.2, 0.19].map(standing),
            [Standing::Ahead, Standing::OnPace, Standing::Behind, Standing::Far]
        );
    }
}
