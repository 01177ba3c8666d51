//! What a revision makes of everybody's number, before it is opened and in its draft: before, after, what is booked, and why.

use domain::format::{self, Scale};
use domain::id::VersionId;
use domain::money::{Currency, Minor};
use domain::revision::{Begin, Bound, ProposedPage, ProposedQuery, ProposedRow};
use leptos::prelude::*;

use crate::error::AppError;
use crate::long_list::{PageAt, Pages, SeekField, ask_newest};
use crate::ui::{Column, ErrorView, Skeleton, Table};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// All of it, in millionths.
const WHOLE_PPM: f64 = 1e6;

/// A page of what a revision makes of everybody's number.
#[server(prefix = "/api/app", endpoint = "revision/proposed", input = server_fn::codec::Json)]
pub async fn load_proposed(query: ProposedQuery) -> Result<ProposedPage, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.proposed_page(&scope, &query).await)
}

/// What is sought among the rows, and where the page begins; it outlives the part that shows them.
#[derive(Clone, Copy)]
pub struct Looking {
    /// Whether what is not opened yet is shown.
    pub(super) open: RwSignal<bool>,
    typed: RwSignal<String>,
    /// What is sought, and how many rows come before the page.
    sought: RwSignal<(String, u32)>,
    /// The way whose rows are in sight.
    shown: RwSignal<Option<Begin>>,
}

impl Looking {
    /// Everybody, from the first on.
    pub(super) fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            typed: RwSignal::new(String::new()),
            sought: RwSignal::new((String::new(), 0)),
            shown: RwSignal::new(None),
        }
    }

    /// Everybody again, from the first on.
    pub(super) fn reset(self) {
        self.typed.set(String::new());
        self.sought.set((String::new(), 0));
        self.shown.set(None);
    }

    /// Whether what one way would make of the numbers is in sight; tracks it.
    pub(super) fn shows(self, begin: Begin) -> bool {
        self.shown.get() == Some(begin)
    }
}

/// The rows of a revision; of one that is not opened yet where `begin` is given.
#[component]
pub(super) fn Proposed(
    /// The draft, or the published version.
    version: Signal<Option<VersionId>>,
    /// How it would begin.
    begin: Signal<Option<Begin>>,
    /// What is sought.
    looking: Looking,
) -> impl IntoView {
    let i18n = use_i18n();
    let page = RwSignal::new(None::<Result<ProposedPage, AppError>>);
    ask_newest(
        move || {
            let (version, begin) = (version.get()?, begin.get());
            let (search, offset) = looking.sought.get();
            Some(load_proposed(ProposedQuery {
                version,
                begin,
                search,
                offset,
            }))
        },
        move |answer| {
            let _gone = looking
                .shown
                .try_set(answer.as_ref().ok().and_then(|page: &ProposedPage| page.begin));
            let _gone = page.try_set(Some(answer));
        },
    );
    let seek = Callback::new(move |search: String| looking.sought.set((search, 0)));
    let at = Memo::new(move |_| {
        page.with(|page| match page {
            Some(Ok(page)) => PageAt::of(page.offset, page.rows.len(), page.matching),
            _ => PageAt::default(),
        })
    });
    let turn = Callback::new(move |offset: u32| looking.sought.update(|sought| sought.1 = offset));
    view! {
        <div data-part="proposed">
            <p class="row wrap">
                <SeekField name="proposed-seek" label=t!(i18n, approval.proposed_seek) typed=looking.typed on_seek=seek />
            </p>
            {move || page.with(|page| match page {
                None => view! { <Skeleton /> }.into_any(),
                Some(Err(error)) => view! { <ErrorView error=error.clone() /> }.into_any(),
                // What is shown is the way that is chosen, never the one before it.
                Some(Ok(page)) if begin.get().is_some_and(|begin| page.begin != Some(begin)) => {
                    view! { <Skeleton /> }.into_any()
                }
                Some(Ok(page)) => shown(page, i18n),
            })}
            <Pages name="proposed" at=at size=ProposedPage::SIZE on_turn=turn />
        </div>
    }
}

/// The rows of a page, and the sum of those on all pages.
fn shown(page: &ProposedPage, i18n: Words) -> AnyView {
    let currency = &page.currency;
    let full = |amount: Minor| format::full(amount, currency);
    let signed = |amount: Minor| format::change(amount, currency, Scale::One);
    // On a phone a row is a card, and each number says what it is.
    let [of_before, of_after, of_change, of_booked, of_why] = labels(i18n);
    let rows = page
        .rows
        .iter()
        .map(|row| {
            let amounts = row.amounts;
            let reason = why(row, page.begin, currency, i18n);
            let is_said = !reason.is_empty();
            view! {
                <tr data-node=row.node.0 data-before=amounts.before.0 data-after=amounts.after.0 data-booked=amounts.booked.0>
                    <td>{row.name.clone()} " " <span class="sm muted">{row.above.clone()}</span></td>
                    <td class="num" data-label=of_before>{full(amounts.before)}</td>
                    <td class="num strong" data-label=of_after>{full(amounts.after)}</td>
                    <td class="num" data-label=of_change>{signed(amounts.change())}</td>
                    <td class="num" data-label=of_booked>{full(amounts.booked)}</td>
                    <td class="sm" data-label=is_said.then_some(of_why)>{reason}</td>
                </tr>
            }
        })
        .collect_view();
    let sum = page.sum;
    let [before, after, booked] = [sum.before, sum.after, sum.booked].map(full);
    let change = signed(sum.change());
    let count = format::count(page.matching);
    let whole = page.whole.map(|(before, after)| {
        t_string!(
            i18n,
            approval.proposed_whole,
            before = full(before),
            after = full(after)
        )
        .to_string()
    });
    let caption = move || t_string!(i18n, approval.proposed);
    let columns = Signal::derive(move || {
        let [before, after, change, booked, why] = labels(i18n);
        vec![
            Column::words(t_string!(i18n, split.column_node)),
            Column::numbers(before),
            Column::numbers(after),
            Column::numbers(change),
            Column::numbers(booked),
            Column::words(why),
        ]
    });
    view! {
        <div class="stacked">
            <Table caption=caption columns=columns>
                <tr
                    data-sum="proposed"
                    data-before=sum.before.0
                    data-after=sum.after.0
                    data-booked=sum.booked.0
                >
                    <td class="strong">{t_string!(i18n, approval.proposed_sum, count = count).to_string()}</td>
                    <td class="num strong" data-label=of_before>{before}</td>
                    <td class="num strong" data-label=of_after>{after}</td>
                    <td class="num strong" data-label=of_change>{change}</td>
                    <td class="num strong" data-label=of_booked>{booked}</td>
                    <td class="sm muted">{whole}</td>
                </tr>
                {rows}
            </Table>
        </div>
    }
    .into_any()
}

/// What the numbers of a row are: before, after, the difference, what is booked, and why.
fn labels(i18n: Words) -> [&'static str; 5] {
    [
        t_string!(i18n, approval.was),
        t_string!(i18n, approval.is),
        t_string!(i18n, workbook.difference),
        t_string!(i18n, approval.proposed_booked),
        t_string!(i18n, approval.proposed_why),
    ]
}

/// Why a number becomes what it does.
fn why(row: &ProposedRow, begin: Option<Begin>, currency: &Currency, i18n: Words) -> String {
    let amounts = row.amounts;
    let full = |amount: Minor| format::full(amount, currency);
    let signed = |amount: Minor| format::change(amount, currency, Scale::One);
    let share = format::percent(row.share_ppm.unwrap_or_default() as f64 / WHOLE_PPM);
    let (by_rule, by_hand) = (amounts.by_rule(), amounts.by_hand);
    let mut parts: Vec<String> = Vec::new();
    match begin {
        None => {}
        Some(Begin::Outlook) => parts.push(t_string!(i18n, approval.proposed_outlook).to_owned()),
        Some(_) if by_rule.0 == 0 => parts.push(t_string!(i18n, approval.proposed_no_share).to_owned()),
        Some(Begin::MakeUp) => {
            let change = signed(by_rule);
            parts.push(t_string!(i18n, approval.proposed_share, change = change, share = share).to_string());
        }
        Some(Begin::MakeUpTeams) => {
            let change = signed(by_rule);
            parts.push(
                t_string!(i18n, approval.proposed_share_team, change = change, share = share).to_string(),
            );
        }
    }
    if amounts.over_before != amounts.over_after {
        let (before, after) = (full(amounts.over_before), full(amounts.over_after));
        parts.push(t_string!(i18n, approval.proposed_over, before = before, after = after).to_string());
    }
    if by_hand.0 != 0 {
        let change = signed(by_hand);
        parts.push(t_string!(i18n, approval.proposed_by_hand, change = change).to_string());
    }
    for (bound, periods) in &row.bounds {
        let what = match bound {
            Bound::Booked => t_string!(i18n, approval.bound_booked),
            Bound::Floor => t_string!(i18n, approval.bound_floor),
            Bound::Cap => t_string!(i18n, approval.bound_cap),
            Bound::Locked => t_string!(i18n, approval.bound_locked),
            Bound::Absent => t_string!(i18n, approval.bound_absent),
        };
        let count = format::count(u64::from(*periods));
        parts.push(
            t_string!(
                i18n,
                approval.proposed_bound,
                what = what.to_owned(),
                count = count
            )
            .to_string(),
        );
    }
    parts.join(lang(i18n.get_locale()).pick("；", "; "))
}
