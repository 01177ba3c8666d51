//! What came of an import: how far it is, counts, files, problems, totals, and what can be done next.

use domain::format;
use domain::id::ImportId;
use domain::import::{Counts, Failure, Kind, Status, View};
use domain::people::actor;
use leptos::prelude::*;

use super::files::Files;
use super::findings::Findings;
use super::landings::Landings;
use super::options::Decisions;
use super::problems::Problems;
use super::{Desk, Purpose};
use crate::frame::moment;
use crate::ui::{Button, ButtonKind, Glyph, Icon, Standing, Tag, TagKind, when};
use crate::words::{Words, lang, t, t_string, use_i18n};

/// An import, as it stands.
#[component]
pub(super) fn Outcome(view: View, desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let id = view.id;
    let dry = view.options.dry_run;
    let finished = view.status.is_final();
    // The first one came with the page.
    desk.take(&view);
    let counts = view.counts;
    let writable = counts.read - counts.rejected;
    let changing = counts.created + counts.updated;
    let rejected = counts.rejected > 0;
    let can_write = view.status == Status::Done && writable > 0;
    let failure = view.failure;
    let status = view.status;
    let done_for_good = finished && !dry && status == Status::Done && view.undoes.is_none();
    let total = view.total.max(counts.read);
    let progress = move || {
        let (read, total) = (format::count(counts.read), format::count(total));
        if dry {
            t_string!(i18n, import.checking, read = read, total = total).to_string()
        } else {
            t_string!(i18n, import.writing, read = read, total = total).to_string()
        }
    };
    let percent = (counts.read * 100).checked_div(total).unwrap_or(0);
    let undone = view.undone;
    let files = view.files.clone();
    let options = desk.choices.with_untracked(|choices| choices.options.clone());
    let (undoes, took_back) = (view.undoes, view.took_back);
    let is_undo = undoes.is_some();
    let landings = view.targets.clone();
    let of_leave = files.iter().any(|file| file.kind == Some(Kind::Leave));
    let of_targets = files.iter().any(|file| file.kind == Some(Kind::Targets));
    view! {
        <div class="content import-outcome" data-status=status.as_str() data-dry=dry.to_string() data-import=id.to_string()>
            <section class="card row wrap between">
                // Of what has failed nothing is written: figures would say the contrary.
                {(status != Status::Failed && !is_undo).then(|| view! { <CountLine counts=counts /> })}
                {took_back.filter(|_| status == Status::Done).map(|counts| view! { <TakenBack counts=counts /> })}
                <div class="row wrap">
                    {(!finished).then(|| view! {
                        <span class="row" role="status">
                            <progress max="100" value=percent></progress>
                            {progress}
                        </span>
                        <Button press=move |_| desk.cancel(id)>{t!(i18n, import.cancel)}</Button>
                    })}
                    {(finished && rejected).then(|| view! {
                        <a class="btn" href=format!("/api/v1/imports/{id}/errors.csv") download rel="external">
                            <Icon glyph=Glyph::Download />
                            {t!(i18n, import.download_errors)}
                        </a>
                    })}
                    {(finished && dry).then(|| view! {
                        <Button kind=ButtonKind::Quiet press=move |_| desk.show(None)>{t!(i18n, import.abandon)}</Button>
                        <Next id=id desk=desk changing=changing writable=can_write />
                    })}
                    {(done_for_good && !undone).then(|| view! {
                        <Button press=move |_| desk.undo(id)><Icon glyph=Glyph::Undo />{t!(i18n, import.undo)}</Button>
                    })}
                    {(done_for_good && !undone && landings.is_empty()).then(|| if of_leave {
                        view! { <a class="btn primary" href="/split/staffing">{t!(i18n, import.done_leave)}</a> }.into_any()
                    } else {
                        view! { <a class="btn primary" href="/set/baseline">{t!(i18n, import.done_next)}</a> }.into_any()
                    })}
                    {undone.then(|| view! { <Tag>{t!(i18n, import.undone)}</Tag> })}
                    {undoes.map(|id| view! { <Button press=move |_| desk.show(Some(id))>{t!(i18n, import.undo_see)}</Button> })}
                </div>
                {when(
                    move || finished && dry && desk.unchecked.get(),
                    move || view! { <p class="sm muted unchecked" role="status">{t!(i18n, import.unchecked)}</p> }.into_any(),
                )}
            </section>
            {failure.map(|failure| view! { <p class="refused far" role="alert"><Icon glyph=Glyph::Warning />{failed(failure, i18n)}</p> })}
            {done_for_good.then(|| view! {
                <p class="card" role="status">
                    <b>{t!(i18n, import.done_title)}</b>
                    " "
                    {move || t_string!(
                        i18n, import.done_text,
                        rows = format::rows(counts.read, lang(i18n.get_locale())), created = format::count(counts.created), updated = format::count(counts.updated),
                        unchanged = format::count(counts.unchanged), rejected = format::count(counts.rejected)
                    ).to_string()}
                </p>
            })}
            {(!undone).then(|| view! { <Landings landings=landings.clone() /> })}
            {(finished && dry).then(|| view! { <Decisions options=options.clone() targets=of_targets desk=desk /> })}
            <Files files=files.clone() import=id desk=desk editable=finished && dry />
            {(!is_undo).then(|| view! {
                <div class="cards">
                    <Problems files=files.clone() desk=desk editable=finished && dry />
                    <Findings files=files />
                </div>
            })}
        </div>
    }
}

/// What comes after a dry run: to write what was checked, or to check what was changed since.
#[component]
fn Next(id: ImportId, desk: Desk, changing: u64, writable: bool) -> impl IntoView {
    let i18n = use_i18n();
    let commit = move || {
        if changing > 0 {
            let rows = format::rows(changing, lang(i18n.get_locale()));
            t_string!(i18n, import.commit, rows = rows).to_string()
        } else {
            t_string!(i18n, import.step_commit).to_string()
        }
    };
    move || {
        if desk.unchecked.get() {
            view! {
                <Button kind=ButtonKind::Primary busy=desk.busy press=move |_| desk.run(id, Purpose::Check)>
                    {t!(i18n, import.check_changes)}
                </Button>
            }
            .into_any()
        } else {
            view! {
                <Button busy=desk.busy press=move |_| desk.run(id, Purpose::Check)>{t!(i18n, import.again)}</Button>
                <Button kind=ButtonKind::Primary busy=desk.busy disabled=Signal::stored(!writable) press=move |_| desk.run(id, Purpose::Write)>
                    {commit}
                </Button>
            }
            .into_any()
        }
    }
}

/// What an undo took away and brought back.
#[component]
fn TakenBack(counts: Counts) -> impl IntoView {
    let i18n = use_i18n();
    let rows = move |count| format::rows(count, lang(i18n.get_locale()));
    view! {
        <p data-undo="done">
            <b>{t!(i18n, import.undo_title)}</b>
            " "
            {move || t_string!(
                i18n, import.undo_text, created = rows(counts.created), updated = rows(counts.updated)
            ).to_string()}
        </p>
    }
}

/// Rows by outcome.
#[component]
fn CountLine(counts: Counts) -> impl IntoView {
    let i18n = use_i18n();
    let figure = |label: AnyView, count: u64, name: &'static str| {
        view! {
            <dl class="count" data-count=name>
                <dt class="sm muted">{label}</dt>
                <dd class="figure s">{format::count(count)}</dd>
            </dl>
        }
    };
    view! {
        <div class="row wrap counts">
            {figure(t!(i18n, import.read).into_any(), counts.read, "read")}
            {figure(t!(i18n, import.created).into_any(), counts.created, "created")}
            {figure(t!(i18n, import.updated).into_any(), counts.updated, "updated")}
            {figure(t!(i18n, import.unchanged).into_any(), counts.unchanged, "unchanged")}
            {figure(t!(i18n, import.rejected).into_any(), counts.rejected, "rejected")}
        </div>
    }
}

/// The latest imports, each a link to what came of it.
#[component]
pub(super) fn Latest(latest: Vec<View>, desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let empty = latest.is_empty();
    view! {
        <div class="content">
            <section class="card">
                <header><h2>{t!(i18n, import.history)}</h2></header>
                {empty.then(|| view! { <p class="muted">{t!(i18n, import.history_empty)}</p> })}
                <ul class="imports">
                    {latest
                        .into_iter()
                        .map(|view| {
                            let id = view.id;
                            let (names, undoes) = (view.names.join(", "), view.undoes.is_some());
                            let title = move || {
                                if undoes {
                                    t_string!(i18n, import.undo_of, names = names.clone()).to_string()
                                } else {
                                    names.clone()
                                }
                            };
                            let (by, at_ms, dry, undone, status) =
                                (view.actor_name.clone(), view.created_at_ms, view.options.dry_run, view.undone, view.status);
                            let who = move || {
                                let lang = lang(i18n.get_locale());
                                let when = moment(at_ms, lang);
                                t_string!(i18n, import.who, by = actor(&by, lang).to_owned(), when = when).to_string()
                            };
                            view! {
                                <li class="row wrap">
                                    <button type="button" class="btn link" on:click=move |_| desk.show(Some(id))>{title}</button>
                                    <StatusTag status=status />
                                    {dry.then(|| view! { <Tag>{t!(i18n, import.dry)}</Tag> })}
                                    {undone.then(|| view! { <Tag>{t!(i18n, import.undone)}</Tag> })}
                                    <span class="sm muted">{who}</span>
                                    <span class="grow"></span>
                                    <span class="num">{format::count(view.counts.read)}</span>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </section>
        </div>
    }
}

#[component]
fn StatusTag(status: Status) -> impl IntoView {
    let i18n = use_i18n();
    let kind = match status {
        Status::Done => TagKind::Standing(Standing::Ahead),
        Status::Failed => TagKind::Standing(Standing::Far),
        Status::Cancelled => TagKind::Plain,
        Status::Queued | Status::Running => TagKind::Accent,
    };
    let words = move || match status {
        Status::Queued => t_string!(i18n, import.status_queued),
        Status::Running => t_string!(i18n, import.status_running),
        Status::Done => t_string!(i18n, import.status_done),
        Status::Failed => t_string!(i18n, import.status_failed),
        Status::Cancelled => t_string!(i18n, import.status_cancelled),
    };
    view! { <Tag kind=kind>{words}</Tag> }
}

fn failed(failure: Failure, i18n: Words) -> impl Fn() -> String {
    move || {
        match failure {
            Failure::Interrupted => t_string!(i18n, import.failed_interrupted),
            Failure::Internal => t_string!(i18n, import.failed_internal),
            Failure::Files => t_string!(i18n, import.failed_files),
            Failure::ChangedSince => t_string!(i18n, import.failed_changed_since),
            Failure::InUse => t_string!(i18n, import.failed_in_use),
            Failure::TargetsTooLarge => t_string!(i18n, import.failed_targets_too_large),
            Failure::LeaveMeanwhile => t_string!(i18n, import.failed_leave_meanwhile),
        }
        .to_string()
    }
}
