//! What one looks at before a version is published or approved, and beside its fairness: figures beside their limits, whether
//! the way it was split by would have been right, and what people say of the version before it.

mod asked;
pub mod gaps;

use domain::backtest::models::{Preset, Used};
use domain::fairness::{Checked, Found, Kind, Measured, Severity};
use domain::format;
use domain::id::VersionId;
use domain::publish::{Before, Silent, Voice};
use domain::pulse::LEAST;
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

use super::findings::{detail, mark};
use crate::error::AppError;
use crate::pulse::PulseView;
use crate::split::weights::formula::said;
use crate::split::weights::models::{between, preset_name};
use crate::ui::{Button, ButtonSize, Skeleton, words_of};
use crate::words::{Words, lang, t, t_string, use_i18n};
use asked::{Asked, ask};
use gaps::gaps_of;

pub use asked::Seen;

/// All of it, in millionths.
const WHOLE_PPM: f64 = 1e6;

/// What is known of a version before it is decided on. `fairness`: whether it is judged as well.
#[server(prefix = "/api/app", endpoint = "split/before", input = Json)]
pub async fn load_before(version: VersionId, fairness: bool) -> Result<Before, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.before_publishing(&scope, version, fairness).await)
}

/// All of it, in the dialog that asks whether to publish.
#[component]
pub(crate) fn BeforeView(
    version: VersionId,
    /// Follows whether it has come, and what is told of it.
    seen: RwSignal<Seen>,
) -> impl IntoView {
    let i18n = use_i18n();
    let place = NodeRef::<html::Div>::new();
    let asked = ask(version, true).staying_at(place);
    Effect::new(move |_| {
        let now = asked.known.with(|known| match known {
            None => Seen::Coming,
            Some(Ok(before)) => Seen::There(before.looked()),
            Some(Err(_)) => Seen::Failed,
        });
        let _gone = seen.try_set(now);
    });
    view! {
        // It scrolls in a dialog: the keyboard has to reach it.
        <div class="before" tabindex="0" node_ref=place data-before=move || seen.get().looked().map(|looked| looked.head.to_string())>
            {move || told(asked, true, i18n)}
        </div>
    }
}

/// All of it, beside what else one decides by.
#[component]
pub(crate) fn BeforeCard(version: VersionId) -> impl IntoView {
    let i18n = use_i18n();
    let place = NodeRef::<html::Div>::new();
    let asked = ask(version, true).staying_at(place);
    view! {
        <section class="card" data-card="before">
            <header>
                <h2>{t!(i18n, publishing.title)}</h2>
            </header>
            <div tabindex="-1" node_ref=place>{move || told(asked, true, i18n)}</div>
        </section>
    }
}

/// What stands beside the figures of the fairness panel: the past of the way of splitting, and what people say.
#[component]
pub(super) fn Beside(version: VersionId) -> impl IntoView {
    let i18n = use_i18n();
    let place = NodeRef::<html::Div>::new();
    let asked = ask(version, false).staying_at(place);
    view! { <div data-fairness="beside" tabindex="-1" node_ref=place>{move || told(asked, false, i18n)}</div> }
}

/// What has come of it, or that it did not come. Tracks it.
fn told(asked: Asked, judged: bool, i18n: Words) -> AnyView {
    let Asked { known, again } = asked;
    known.with(|known| match known {
        None => view! { <Skeleton /> }.into_any(),
        Some(Err(error)) => view! {
            <p class="sm is-far" role="alert">{words_of(error, i18n)}</p>
            <Button size=ButtonSize::Small press=move |_| again.run(())>{t_string!(i18n, ui.retry)}</Button>
        }
        .into_any(),
        Some(Ok(before)) => found(before, judged, i18n),
    })
}

/// What was found.
fn found(before: &Before, judged: bool, i18n: Words) -> AnyView {
    let many = before.fairness.len() > 1;
    let parts = before
        .fairness
        .iter()
        .map(|part| part_of(part, many, i18n))
        .collect_view();
    let outdated = before.outdated.then(|| {
        view! {
            <p class="sm" data-outdated="true">
                {mark(Severity::Block, i18n)} " " {t_string!(i18n, publishing.outdated)}
            </p>
        }
    });
    let blocked = before.blocks().then(|| blocked(&before.may_pass, i18n));
    let used = before.used.as_ref().map(|used| way(used, i18n));
    let voices = before
        .voices
        .iter()
        .map(|voice| voice_of(voice, i18n))
        .collect_view();
    // Of a first version nobody has said anything.
    let nothing = (judged && before.voices.is_empty()).then(|| {
        view! { <p class="sm muted">{t_string!(i18n, publishing.no_version_before)}</p> }
    });
    view! {
        {outdated}
        {gaps_of(&before.gaps, i18n)}
        {blocked}
        {parts}
        {used}
        {voices}
        {nothing}
    }
    .into_any()
}

/// What to do about a limit that blocks, and who may pass it.
fn blocked(may_pass: &[String], i18n: Words) -> AnyView {
    let names = may_pass.join(lang(i18n.get_locale()).pick("、", ", "));
    view! {
        <p class="sm" data-blocked="true">
            {mark(Severity::Block, i18n)} " " {t_string!(i18n, publishing.blocked, names = names).to_string()}
        </p>
    }
    .into_any()
}

/// How fair a part is.
fn part_of(part: &Checked, named: bool, i18n: Words) -> AnyView {
    let lang = lang(i18n.get_locale());
    let verdict = match part.verdicts {
        Some((level, spread)) => {
            let between = lang.pick("；", "; ");
            format!("{}{between}{}", level.label(lang), spread.label(lang))
        }
        None => t_string!(i18n, publishing.not_judged).to_owned(),
    };
    let title = if named {
        format!("{} · {}", t_string!(i18n, fairness.title), part.name)
    } else {
        t_string!(i18n, fairness.title).to_owned()
    };
    let figures = part
        .measured
        .iter()
        .map(|measured| figure(measured, i18n))
        .collect_view();
    // The verdict has said these.
    let findings: Vec<AnyView> = part
        .findings
        .iter()
        .filter(|found| !matches!(found.kind, Kind::Level { .. } | Kind::Spread { .. }))
        .map(|found| finding(found, i18n))
        .collect();
    let any = !findings.is_empty();
    let unknown = (part.unknown > 0)
        .then(|| t_string!(i18n, fairness.unknown, count = format::count(part.unknown)).to_string());
    view! {
        <section data-checked=part.row.0>
            <h3>{title}</h3>
            <p>{verdict}</p>
            <ul class="queue sm">{figures}</ul>
            {any.then(|| view! { <h4 class="sm muted">{t_string!(i18n, fairness.findings)}</h4> })}
            <ul class="queue sm">{findings}</ul>
            {unknown.map(|words| view! { <p class="sm muted">{words}</p> })}
        </section>
    }
    .into_any()
}

/// A figure beside its limits.
fn figure(measured: &Measured, i18n: Words) -> AnyView {
    let lang = lang(i18n.get_locale());
    let percent = |ppm: f64| format::percent(ppm / WHOLE_PPM);
    let value = measured
        .value_ppm
        .map_or_else(|| format::NONE.to_owned(), |ppm| percent(ppm as f64));
    let warn = measured
        .warn_ppm
        .map(|ppm| t_string!(i18n, publishing.warns_at, limit = percent(f64::from(ppm))).to_string());
    let block = measured
        .block_ppm
        .map(|ppm| t_string!(i18n, publishing.blocks_at, limit = percent(f64::from(ppm))).to_string());
    let limits: Vec<String> = [warn, block].into_iter().flatten().collect();
    let side = if measured.measure.is_least() {
        t_string!(i18n, fairness.at_least)
    } else {
        t_string!(i18n, fairness.at_most)
    };
    let limits = if limits.is_empty() {
        t_string!(i18n, publishing.no_limit).to_owned()
    } else {
        format!("{} {side}", limits.join(lang.pick("，", ", ")))
    };
    // What cannot be told is neither good nor bad.
    let standing = match (measured.value_ppm, measured.beyond) {
        (_, Some(beyond)) => beyond,
        (None, None) => Severity::Notice,
        (Some(_), None) => Severity::Good,
    };
    let beyond = measured
        .beyond
        .map(|beyond| (beyond == Severity::Block).to_string());
    view! {
        <li data-measure=measured.measure.as_str() data-blocks=beyond>
            {mark(standing, i18n)} " " {measured.measure.label(lang)} " " <b>{value}</b> " "
            <span class="muted">{limits}</span>
        </li>
    }
    .into_any()
}

/// A finding with those it concerns.
fn finding(found: &Found, i18n: Words) -> AnyView {
    let lang = lang(i18n.get_locale());
    let names = found.names.join(lang.pick("、", ", "));
    let more = found.count.saturating_sub(found.names.len() as u64);
    view! {
        <li data-finding=found.count.to_string()>
            {mark(found.severity, i18n)}
            " "
            <b>{found.kind.label(lang)}</b>
            {detail(&found.kind, i18n).map(|detail| format!(" {detail}"))}
            " "
            {names}
            " "
            {(more > 0).then(|| t_string!(i18n, fairness.more, count = format::count(more)).to_string())}
        </li>
    }
    .into_any()
}

/// The way of splitting and what it would have come to.
fn way(used: &Used, i18n: Words) -> AnyView {
    let comma = lang(i18n.get_locale()).pick("，", ", ");
    let parts: Vec<String> = used
        .shares
        .iter()
        .map(|(basis, share_ppm)| said(*basis, *share_ppm, i18n))
        .collect();
    let score = match used.figures {
        Some(figures) => t_string!(
            i18n,
            publishing.misplaced,
            share = format::percent(figures.misplaced.value),
            range = between(figures.misplaced.interval, format::percent),
            quarters = format::count(used.periods as u64),
            people = format::count(used.people as u64)
        )
        .to_string(),
        None if used.periods == 0 => t_string!(i18n, weights.untested).to_owned(),
        None => t_string!(i18n, publishing.way_untested).to_owned(),
    };
    let least = used
        .least
        .filter(|(preset, _)| used.preset != Some(*preset) && used.figures.is_some())
        .map(|(preset, share)| {
            let own = used
                .figures
                .map(|figures| format::percent(figures.misplaced.value));
            if own.is_some_and(|own| own == format::percent(share)) {
                return t_string!(i18n, publishing.least_same, way = preset_name(preset, i18n)).to_string();
            }
            t_string!(
                i18n,
                publishing.least,
                way = preset_name(preset, i18n),
                share = format::percent(share)
            )
            .to_string()
        });
    view! {
        <section data-way=used.preset.map(Preset::as_str).unwrap_or_default()>
            <h3>{t_string!(i18n, publishing.way)}</h3>
            <p class="sm">{parts.join(comma)}</p>
            <p class="sm">{score} " " {least}</p>
        </section>
    }
    .into_any()
}

/// What people say of a version.
fn voice_of(voice: &Voice, i18n: Words) -> AnyView {
    let (plan, number) = (voice.plan.clone(), voice.number);
    let title = if voice.before {
        t_string!(i18n, publishing.voice_before, plan = plan, number = number).to_string()
    } else {
        t_string!(i18n, publishing.voice_own, plan = plan, number = number).to_string()
    };
    let pulse = if voice.pulse.is_empty() {
        let count = format::count(u64::from(LEAST));
        let words = t_string!(i18n, publishing.no_pulse, count = count).to_string();
        view! { <p class="sm muted">{words}</p> }.into_any()
    } else {
        view! { <PulseView units=voice.pulse.clone() /> }.into_any()
    };
    view! {
        <section data-voice=if voice.before { "before" } else { "own" }>
            <h3>{title}</h3>
            {pulse}
            {voice.unconfirmed.as_ref().map(|silent| silent_of(silent, i18n))}
        </section>
    }
    .into_any()
}

/// Who has not confirmed.
fn silent_of(silent: &Silent, i18n: Words) -> AnyView {
    let all = silent.open + silent.countered;
    if all == 0 {
        return view! { <p class="sm">{t_string!(i18n, split.all_confirmed)}</p> }.into_any();
    }
    let lang = lang(i18n.get_locale());
    let mut counts = Vec::new();
    if silent.countered > 0 {
        let count = format::count(silent.countered);
        counts.push(t_string!(i18n, split.objections, count = count).to_string());
    }
    if silent.open > 0 {
        let count = format::count(silent.open);
        counts.push(t_string!(i18n, split.not_confirmed, count = count).to_string());
    }
    let names: Vec<String> = silent.names.iter().map(|one| one.words(lang)).collect();
    let more = all.saturating_sub(names.len() as u64);
    view! {
        <p class="sm" data-unconfirmed=all.to_string()>
            <b>{counts.join(lang.pick("，", ", "))}</b>
            " "
            {names.join(lang.pick("、", ", "))}
            " "
            {(more > 0).then(|| t_string!(i18n, publishing.more, count = format::count(more)).to_string())}
        </p>
    }
    .into_any()
}
