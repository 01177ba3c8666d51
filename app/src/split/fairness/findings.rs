//! What was found, whom it concerns, and the way to their rows.

use domain::fairness::{Finding, Judged, Kind, Severity};
use domain::format;
use leptos::prelude::*;

use crate::split::board::Board;
use crate::ui::{Standing, StandingMark};
use crate::words::{Words, lang, t_string};

/// Names of people a finding lists; the others are counted.
const NAMED: usize = 5;

/// The findings, the gravest first; what is as it should be is told by the verdicts.
pub(super) fn list(judged: &Judged, board: Board, i18n: Words) -> AnyView {
    let items: Vec<AnyView> = judged
        .report
        .findings
        .iter()
        .filter(|finding| finding.severity != Severity::Good)
        .map(|finding| item(finding, judged, board, i18n))
        .collect();
    if items.is_empty() {
        return view! { <p class="sm muted">{t_string!(i18n, fairness.no_findings)}</p> }.into_any();
    }
    view! {
        <h3>{t_string!(i18n, fairness.findings)}</h3>
        <ul class="queue sm">{items}</ul>
    }
    .into_any()
}

/// A glyph for how grave something is, with the word for who does not see it.
pub(super) fn mark(severity: Severity, i18n: Words) -> impl IntoView + use<> {
    let (standing, word) = match severity {
        Severity::Good => (Standing::Ahead, t_string!(i18n, fairness.good)),
        Severity::Notice => (Standing::OnPace, t_string!(i18n, fairness.notice)),
        Severity::Warn => (Standing::Behind, t_string!(i18n, fairness.warn)),
        Severity::Block => (Standing::Far, t_string!(i18n, fairness.serious)),
    };
    view! { <StandingMark standing=standing><span class="sr">{word}</span></StandingMark> }
}

fn item(finding: &Finding, judged: &Judged, board: Board, i18n: Words) -> AnyView {
    let lang = lang(i18n.get_locale());
    let people = finding
        .who
        .iter()
        .filter_map(|place| judged.nodes.get(*place).copied())
        .take(NAMED)
        .map(|node| {
            view! {
                <button type="button" class="btn link" data-who=node.0 on:click=move |_| board.reveal(node)>
                    {move || board.name(node)}
                </button>
                " "
            }
        })
        .collect_view();
    let more = finding.who.len().saturating_sub(NAMED);
    view! {
        <li>
            {mark(finding.severity, i18n)}
            " "
            <b>{finding.kind.label(lang)}</b>
            {detail(&finding.kind, i18n).map(|detail| format!(" {detail}"))}
            " "
            {people}
            {(more > 0).then(|| t_string!(i18n, fairness.more, count = format::count(more as u64)).to_string())}
        </li>
    }
    .into_any()
}

/// The numbers of a finding; none where its words say all.
pub(super) fn detail(kind: &Kind, i18n: Words) -> Option<String> {
    let percent = format::percent;
    Some(match *kind {
        Kind::Level { share, .. } => percent(share),
        Kind::Spread { gini, .. } => percent(gini?),
        Kind::UnevenChances { sd } => percent(sd),
        Kind::NextToNoChance { below } => format!("< {}", percent(below)),
        Kind::AsksNothing { above } => format!("> {}", percent(above)),
        Kind::Correlated { r, .. } => format!("{r:+.2}"),
        Kind::NewHiresStretched { stretch, others } => t_string!(
            i18n,
            fairness.new_and_others,
            new = percent(stretch),
            others = percent(others)
        )
        .to_string(),
        // The topmost is the first level.
        Kind::OverAssigned { level, ratio } | Kind::UnderAssigned { level, ratio } => {
            t_string!(i18n, fairness.at_level, level = level + 1, ratio = percent(ratio)).to_string()
        }
        Kind::OverAssignedInTotal { ratio } => percent(ratio),
        Kind::WholeUnlikely { chance, .. } => format::chance(chance),
        Kind::Few { people } => t_string!(i18n, fairness.people, count = people).to_string(),
        Kind::NothingExpected => return None,
    })
}
