//! My target: the number one carries, why it is that number, and the confirmation. Confirming is a plain form, so that it
//! works without wasm and without JavaScript.

pub mod accepted;
pub mod ask;
pub mod history;
pub mod levels;
pub mod lines;
pub mod periods;
pub mod said;
pub mod writing;

use domain::format;
use domain::id::{NodeId, VersionId};
use domain::line::rows::OwnLines;
use domain::split::RowLevels;
use domain::target::{Confirmation, MyTarget};
use domain::why::Why;
use leptos::form::ActionForm;
use leptos::html;
use leptos::prelude::*;
use leptos_meta::Title;
use serde::{Deserialize, Serialize};

use self::accepted::Fingerprint;
use self::history::Changes;
use self::levels::ByLevel;
use self::lines::ByLine;
use self::periods::Periods;
use self::said::{State, agreement, countered, published};
use self::writing::{Writing, is_told};
use crate::error::AppError;
use crate::live::use_live;
use crate::negotiation::own::OwnTalks;
use crate::negotiation::{Acts, AmountField};
use crate::number_on::MyNumberOn;
use crate::page::lazy_page;
use crate::pulse::PulseFields;
use crate::split::{Of, Steps};
use crate::ui::{EmptyState, ErrorView, Glyph, Icon, Skeleton};
use crate::wire::{fetch, loaded};
use crate::words::{lang, t, t_string, use_i18n};

/// A number with its reasons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Carried {
    /// The number.
    pub target: MyTarget,
    /// Why it is that number; a number without them can still be confirmed.
    pub why: Result<Why, AppError>,
    /// Where it is to come from; a number without it can still be confirmed.
    pub lines: Result<Vec<OwnLines>, AppError>,
    /// Floor, stretch and challenge of it, and how far it has come; a number without them can still be confirmed.
    pub levels: Result<RowLevels, AppError>,
}

/// The published numbers this person carries, the latest first, with their reasons.
#[server(prefix = "/api/app", endpoint = "my-target/list", input = server_fn::codec::Json)]
pub async fn my_targets() -> Result<Vec<Carried>, AppError> {
    let (operations, scope) = crate::server::asking()?;
    let targets = crate::error::answer(operations.my_targets(&scope).await)?;
    // The numbers of one version are cut by lines together: it is read once.
    let mut nodes: std::collections::BTreeMap<VersionId, Vec<NodeId>> = std::collections::BTreeMap::new();
    for target in &targets {
        nodes.entry(target.version).or_default().push(target.node);
    }
    let mut lines = std::collections::HashMap::new();
    for (version, nodes) in nodes {
        let cut = crate::error::answer(operations.own_lines(&scope, version, &nodes).await);
        let cut: Vec<Result<Vec<OwnLines>, AppError>> = match cut {
            Ok(cut) => cut.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error); nodes.len()],
        };
        lines.extend(nodes.into_iter().map(|node| (version, node)).zip(cut));
    }
    let mut carried = Vec::with_capacity(targets.len());
    for target in targets {
        let place = (target.version, target.node);
        let lines = lines.remove(&place).unwrap_or_else(|| Ok(Vec::new()));
        let why = operations
            .why_own(&scope, target.version, target.node, None)
            .await;
        let levels = crate::error::answer(operations.own_levels(&scope, &target).await);
        carried.push(Carried {
            target,
            why: crate::error::answer(why),
            lines,
            levels,
        });
    }
    Ok(carried)
}

/// Confirms exactly the number of the hash; with how fair it is and why, where that is said.
#[server(prefix = "/api/app", endpoint = "my-target/confirm")]
pub async fn confirm(
    version: VersionId,
    node: NodeId,
    hash: String,
    fair: Option<u8>,
    reason: Option<String>,
) -> Result<MyTarget, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(
        operations
            .confirm_target(&scope, version, node, &hash, fair, reason.as_deref())
            .await,
    )
}

/// Says why it should be another; with what it should be, a negotiation of it begins.
#[server(prefix = "/api/app", endpoint = "my-target/counter")]
pub async fn counter(
    version: VersionId,
    node: NodeId,
    hash: String,
    comment: String,
    amount: Option<String>,
) -> Result<MyTarget, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(
        operations
            .counter_target(&scope, version, node, &hash, &comment, amount.as_deref())
            .await,
    )
}

lazy_page!(MyTargetPage, page, part = own, needs = Acknowledge);

fn page() -> impl IntoView {
    let i18n = use_i18n();
    let (confirm, counter) = (ServerAction::<Confirm>::new(), ServerAction::<Counter>::new());
    let live = use_live();
    let acts = Acts::provide();
    let writing = Writing::hold();
    Effect::new(move |_| writing.answered(confirm.value().get()));
    Effect::new(move |_| writing.answered(counter.value().get()));
    // What is agreed on in a thread is said at the number too.
    let source = move || {
        (
            live.plans.get(),
            live.acknowledgements.get(),
            live.notices.get(),
            confirm.version().get(),
            counter.version().get(),
            acts.sent(),
        )
    };
    let targets = fetch(source, |_| my_targets());
    view! {
        <Title text=t!(i18n, my_target.title) />
        <Transition fallback=|| view! { <Skeleton /> }>
            {loaded(targets, move |found| match found {
                    Ok(targets) if targets.is_empty() => {
                        view! {
                            <EmptyState
                                glyph=Glyph::Target
                                title=t!(i18n, my_target.none_title)
                                body=t!(i18n, my_target.none_text)
                            />
                        }
                            .into_any()
                    }
                    Ok(targets) => {
                        targets
                            .into_iter()
                            .map(|carried| {
                                view! { <Card carried=carried confirm=confirm counter=counter writing=writing acts=acts /> }
                            })
                            .collect_view()
                            .into_any()
                    }
                    Err(error) => view! { <div class="content"><ErrorView error=error /></div> }.into_any(),
                })}
        </Transition>
        <OwnTalks answered=Signal::derive(move || counter.version().get()) acts=acts />
        <MyNumberOn />
    }
}

#[component]
fn Card(
    carried: Carried,
    confirm: ServerAction<Confirm>,
    counter: ServerAction<Counter>,
    /// Whether somebody writes about a number.
    writing: Writing,
    /// What is done in threads.
    acts: Acts,
) -> impl IntoView {
    let i18n = use_i18n();
    let Carried {
        target,
        why,
        lines,
        levels,
    } = carried;
    let currency = StoredValue::new(target.currency.clone());
    let total = target.total;
    let amount =
        move || currency.with_value(|currency| format::compact(total, currency, lang(i18n.get_locale())));
    let full = move || currency.with_value(|currency| format::currency(total, currency));
    let growth = target
        .history
        .filter(|history| history.0 > 0)
        .map(|history| format::percent_change(total.0 as f64 / history.0 as f64 - 1.0));
    let plan_name = target.plan_name.clone();
    let name = target.name.clone();
    let open = !matches!(target.confirmation, Confirmation::Confirmed { .. });
    let failed = move || {
        [confirm.value().get(), counter.value().get()]
            .into_iter()
            .flatten()
            .find_map(Result::err)
    };
    let (version, node, hash) = (target.version, target.node, target.hash.clone());
    let of = Of::Own {
        version,
        node,
        from: None,
    };
    let said = match &target.confirmation {
        Confirmation::Countered { at_ms, by, comment } => Some((*at_ms, by.clone(), comment.clone())),
        _ => None,
    };
    let said = said.map(|(at_ms, by, comment)| {
        let words = move || countered(at_ms, &by, &comment, i18n);
        view! { <p class="card said" role="status">{words}</p> }
    });
    let agreed = target.agreed;
    let told = agreed.map(|agreed| {
        let words = move || agreement(agreed, total, &currency.get_value(), i18n);
        view! { <p class="card said" role="status" data-agreed=agreed.amount.0>{words}</p> }
    });
    let (form, words) = (NodeRef::<html::Details>::new(), NodeRef::<html::Textarea>::new());
    let amount_field = NodeRef::<html::Input>::new();
    // What was sent is said above; the form has done its work.
    Effect::new(move |_| {
        if matches!(counter.value().get(), Some(Ok(_))) {
            if let Some(form) = form.get_untracked() {
                // Fails only for malformed names.
                drop(form.remove_attribute("open"));
            }
            if let Some(words) = words.get_untracked() {
                words.set_value("");
            }
            if let Some(amount) = amount_field.get_untracked() {
                amount.set_value("");
            }
        }
    });
    let left = move |event: leptos::ev::FocusEvent| {
        // What is taken away is left too, and its fields are gone then.
        let words = words.try_get_untracked().flatten().map(|words| words.value());
        let amount = amount_field
            .try_get_untracked()
            .flatten()
            .map(|amount| amount.value());
        writing.left(&event, words.into_iter().chain(amount).any(|text| is_told(&text)));
    };
    view! {
        <article class="my-target" data-minor=total.0>
            <header class="row between">
                <h1>{t!(i18n, my_target.title)}</h1>
                <State confirmation=target.confirmation.clone() agreed=agreed.is_some() />
            </header>
            <p class="sm muted">{move || t_string!(i18n, my_target.plan, name = plan_name.clone()).to_string()} " · " {name}</p>
            {said}
            {told}
            <p class="row wrap between base">
                <b class="figure l" title=full data-figure="my-target">{amount}</b>
                {growth.map(|growth| view! { <span class="nowrap">{t!(i18n, my_target.vs_history)} " " <b>{growth}</b></span> })}
            </p>
            <Periods version=version node=node periods=target.periods quarters=target.quarters currency=currency.get_value() acts=acts />
            <section class="card">
                {match why {
                    Ok(why) => view! { <Steps why=why of=Some(of) /> }.into_any(),
                    Err(error) => view! { <ErrorView error=error /> }.into_any(),
                }}
            </section>
            <ByLevel levels=levels currency=currency.get_value() />
            <ByLine version=version node=node lines=lines currency=currency.get_value() />
            <Changes changes=target.changes currency=currency.get_value() />
            <p class="sm muted">
                {published(&target.published_by, target.published_at_ms, i18n)}
            </p>
            {target.accepted.map(|accepted| view! { <Fingerprint accepted=accepted /> })}
            <footer class="answer" on:input=move |event| writing.write(&event) on:focusout=left>
                {move || failed().map(|error| view! { <ErrorView error=error /> })}
                {open
                    .then(|| {
                        let for_counter = hash.clone();
                        view! {
                            <p class="sm muted">{move || t_string!(i18n, my_target.exactly, amount = full()).to_string()}</p>
                            <div class="row">
                                <details class="counter" node_ref=form>
                                    <summary class="btn"><Icon glyph=Glyph::Discuss />{t!(i18n, my_target.counter)}</summary>
                                    <ActionForm action=counter>
                                        <input type="hidden" name="version" value=version.to_string() />
                                        <input type="hidden" name="node" value=node.to_string() />
                                        <input type="hidden" name="hash" value=for_counter />
                                        <AmountField field=amount_field />
                                        <label class="fld">
                                            <span>{t!(i18n, my_target.counter_label)}</span>
                                            <textarea node_ref=words class="input" name="comment" rows="3" required maxlength="2000"></textarea>
                                        </label>
                                        <button class="btn wide" type="submit">{t!(i18n, my_target.counter_send)}</button>
                                    </ActionForm>
                                </details>
                                <ActionForm action=confirm attr:class="grow">
                                    <input type="hidden" name="version" value=version.to_string() />
                                    <input type="hidden" name="node" value=node.to_string() />
                                    <input type="hidden" name="hash" value=hash />
                                    <PulseFields />
                                    <button class="btn primary wide" type="submit"><Icon glyph=Glyph::Check />{t!(i18n, my_target.confirm)}</button>
                                </ActionForm>
                            </div>
                        }
                    })}
            </footer>
        </article>
    }
}
