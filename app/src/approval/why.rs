//! Why a number of the table is what it is: that of this version, and the one on record that it is held against, in a period or
//! over all.

use domain::calendar::Period;
use domain::format;
use domain::id::VersionId;
use domain::plan::{NodeIndex, PeriodIndex};
use domain::why::Other;
use leptos::prelude::*;

use crate::split::why::other::Figure;
use crate::split::{Of, OfNumber};
use crate::ui::{Choice, Dialog, DialogPlace, Segment, Select};
use crate::words::{lang, t, t_string, use_i18n};

/// The wire name of what is on record.
const RECORD: &str = "record";
/// The wire name of what this version says.
const THIS: &str = "this";

/// A number that is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The row, in the whole version.
    pub(super) node: NodeIndex,
    /// What it is called.
    pub(super) name: String,
    /// Whether what is on record is meant.
    pub(super) record: bool,
    /// Whether anything is on record that it can be held against.
    pub(super) compares: bool,
}

/// The card of the number that was asked for; from there the other one and every period are one choice away.
#[component]
pub(super) fn NumberCard(
    version: VersionId,
    periods: Vec<Period>,
    asked: RwSignal<Option<Ask>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let open = RwSignal::new(false);
    let record = RwSignal::new(false);
    let period = RwSignal::new(None::<PeriodIndex>);
    let periods = StoredValue::new(periods);
    Effect::new(move |_| {
        let ask = asked.get();
        if let Some(ask) = &ask {
            record.set(ask.record);
            period.set(None);
        }
        open.set(ask.is_some());
    });
    Effect::new(move |_| {
        if !open.get() && asked.with_untracked(Option::is_some) {
            asked.set(None);
        }
    });
    let title = move || {
        asked.with(|asked| {
            asked
                .as_ref()
                .map_or_else(String::new, |asked| asked.name.clone())
        })
    };
    let sides = Signal::derive(move || {
        vec![
            Choice::new(THIS, t_string!(i18n, why.of_this)),
            Choice::new(RECORD, t_string!(i18n, why.of_record)),
        ]
    });
    let side = Signal::derive(move || {
        let side = if record.get() { RECORD } else { THIS };
        side.to_owned()
    });
    let times = Signal::derive(move || {
        let lang = lang(i18n.get_locale());
        let whole = Choice::new("", t_string!(i18n, why.whole));
        periods.with_value(|periods| {
            let named = (0_u16..)
                .zip(periods)
                .map(|(place, period)| Choice::new(place.to_string(), format::period(period, lang)));
            std::iter::once(whole).chain(named).collect::<Vec<_>>()
        })
    });
    let time = Signal::derive(move || {
        period
            .get()
            .map_or_else(String::new, |period| period.0.to_string())
    });
    let compares = move || asked.with(|asked| asked.as_ref().is_some_and(|asked| asked.compares));
    view! {
        <Dialog open=open title=title place=DialogPlace::Side>
            <div class="row wrap">
                {move || compares().then(|| view! {
                    <Segment
                        label=t!(i18n, split.why_title)
                        choices=sides
                        value=side
                        on_pick=Callback::new(move |side: String| record.set(side == RECORD))
                    />
                })}
                <Select
                    label=t!(i18n, why.period)
                    name="why-period"
                    choices=times
                    value=time
                    on_pick=Callback::new(move |place: String| period.set(place.parse().ok().map(PeriodIndex)))
                    compact=true
                />
            </div>
            {move || {
                let (record, period) = (record.get(), period.get());
                asked.with(|asked| asked.as_ref().map(|asked| asked.node)).map(|node| {
                    if record {
                        view! { <Figure version=version node=node period=period other=Other::Record /> }.into_any()
                    } else {
                        let of = Of::Row { version, node, period };
                        view! { <OfNumber of=of /> }.into_any()
                    }
                })
            }}
        </Dialog>
    }
}
