//! Remarks beside numbers: threads on a row, a period or the plan as a whole, answered and settled.

mod writing;

use domain::calendar::Period;
use domain::format;
use domain::id::{RemarkId, VersionId};
use domain::people::actor;
use domain::plan::{NodeIndex, PeriodIndex};
use domain::remark::{About, MOST_CHARS, Thread};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::Element;
use leptos_router::hooks::use_location;

use crate::error::AppError;
use crate::frame::moment;
use crate::live::use_live;
use crate::ui::{
    Button, ButtonSize, Choice, ErrorView, InUse, Select, Skeleton, Standing, Tag, TagKind, Toast,
    use_toasts, words_of,
};
use crate::wire::{fetch, loaded};
use crate::words::{lang, t, t_string, use_i18n};
pub(crate) use writing::Writing;

/// What was said of a version.
#[server(prefix = "/api/app", endpoint = "remark/list", input = server_fn::codec::Json)]
pub async fn load_remarks(version: VersionId) -> Result<Vec<Thread>, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.remarks(&scope, version).await)
}

/// Says something of a number or of the whole, or goes on with a thread.
#[server(prefix = "/api/app", endpoint = "remark/say", input = server_fn::codec::Json)]
pub async fn say(
    version: VersionId,
    about: About,
    thread: Option<RemarkId>,
    text: String,
) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(
        operations
            .say(&scope, version, about, thread, &text)
            .await
            .map(drop),
    )
}

/// Settles a thread, or opens it again.
#[server(prefix = "/api/app", endpoint = "remark/settle", input = server_fn::codec::Json)]
pub async fn settle(version: VersionId, thread: RemarkId, settled: bool) -> Result<(), AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.settle_thread(&scope, version, thread, settled).await)
}

/// A number that something can be said of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// The row, by its index in the whole version.
    pub(crate) node: NodeIndex,
    /// What the row is called.
    pub(crate) name: String,
    /// The period; none: the row's total.
    pub(crate) period: Option<PeriodIndex>,
}

/// What is spoken of; none: the plan as a whole.
pub(crate) type Subject = Option<Number>;

/// What the forms of a list share.
#[derive(Clone, Copy)]
struct Desk {
    version: VersionId,
    periods: StoredValue<Vec<Period>>,
    writing: Writing,
    busy: RwSignal<bool>,
}

/// The threads of a version, and a form to begin one.
#[component]
pub(crate) fn Remarks(
    version: VersionId,
    periods: Vec<Period>,
    /// What was written so far.
    writing: Writing,
    /// What a new remark is of.
    #[prop(into)]
    subject: Signal<Subject>,
    /// Whether a number is chosen in order to speak of it: the form then takes its period too, and the field is gone to, which
    /// on a phone is far away.
    #[prop(optional)]
    follows: bool,
) -> impl IntoView {
    let live = use_live();
    let desk = Desk {
        version,
        periods: StoredValue::new(periods),
        writing,
        busy: RwSignal::new(false),
    };
    let said = fetch(move || live.plans.get(), move |_| load_remarks(version));
    let in_use = InUse::hold();
    view! {
        <div class="remarks" on:focusin=move |event| in_use.enter(&event) on:focusout=move |_| in_use.leave()>
            <Form desk=desk subject=subject follows=follows />
            <Transition fallback=|| view! { <Skeleton /> }>
                {loaded(said, move |found| match found {
                        Ok(threads) => view! { <Threads threads=threads desk=desk /> }.into_any(),
                        Err(error) => view! { <ErrorView error=error /> }.into_any(),
                    })}
            </Transition>
        </div>
    }
}

impl Desk {
    fn period(self, period: Option<PeriodIndex>, lang: format::Lang, total: &str) -> String {
        self.periods.with_value(|periods| {
            let found = period.and_then(|period| periods.get(usize::from(period.0)));
            found.map_or_else(|| total.to_owned(), |period| format::period(period, lang))
        })
    }
}

#[component]
fn Form(desk: Desk, subject: Signal<Subject>, follows: bool) -> impl IntoView {
    let i18n = use_i18n();
    let period = desk.writing.period;
    let field = NodeRef::<html::Textarea>::new();
    Effect::new(move |before: Option<()>| {
        // What was chosen before the form was made anew is followed already.
        let Some(number) = subject.get().filter(|_| follows && before.is_some()) else {
            return;
        };
        period.set(
            number
                .period
                .map(|period| period.0.to_string())
                .unwrap_or_default(),
        );
        if let Some(field) = field.get_untracked() {
            // Fails only while the page is already leaving.
            drop(field.focus());
        }
    });
    let choices = Signal::derive(move || {
        let total = t_string!(i18n, split.total);
        let lang = lang(i18n.get_locale());
        let count = desk.periods.with_value(Vec::len);
        let periods = (0..count as u16).map(|at| {
            let name = desk.period(Some(PeriodIndex(at)), lang, total);
            Choice::new(at.to_string(), name)
        });
        std::iter::once(Choice::new("", total))
            .chain(periods)
            .collect::<Vec<_>>()
    });
    let of = move || match subject.get() {
        Some(number) => t_string!(i18n, approval.remark_on, name = number.name).to_string(),
        None => t_string!(i18n, approval.remark_on_plan).to_owned(),
    };
    let about = move || {
        let node = subject.get_untracked().map(|number| number.node);
        let period = period.get_untracked().parse().ok().map(PeriodIndex);
        About {
            node,
            period: period.filter(|_| node.is_some()),
        }
    };
    view! {
        <div class="stack">
            <p class="sm"><b>{of}</b></p>
            {move || subject.get().is_some().then(|| view! {
                <Select
                    label=t!(i18n, workbook.period)
                    name="remark-period"
                    choices=choices
                    value=period
                    on_pick=Callback::new(move |picked| period.set(picked))
                />
            })}
            <Words
                desk=desk
                name="remark"
                kept=desk.writing.begun(desk.version, None).text
                field=field
                send=Callback::new(move |()| (about(), None))
            />
        </div>
    }
}

/// A few lines and the button that sends them.
#[component]
fn Words(
    desk: Desk,
    name: &'static str,
    /// The words so far.
    kept: ArcRwSignal<String>,
    /// What they are of.
    send: Callback<(), (About, Option<RemarkId>)>,
    /// Where it is.
    #[prop(optional)]
    field: NodeRef<html::Textarea>,
) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let text = RwSignal::from(kept.clone());
    let say_it = move |_| {
        let (about, thread) = send.run(());
        let words = text.get_untracked();
        // The form may be made anew until it is said.
        let kept = kept.clone();
        desk.busy.set(true);
        spawn_local(async move {
            match say(desk.version, about, thread, words).await {
                Ok(()) => kept.set(String::new()),
                Err(error) => toasts.show(Toast::refused(
                    t_string!(i18n, approval.remark_send),
                    words_of(&error, i18n),
                )),
            }
            let _gone = desk.busy.try_set(false);
        });
    };
    view! {
        <textarea
            node_ref=field
            class="input"
            name=name
            rows="2"
            maxlength=MOST_CHARS.to_string()
            aria-label=t!(i18n, approval.remark_label)
            prop:value=move || text.get()
            on:input=move |event| text.set(event_target_value(&event))
        ></textarea>
        <Button
            size=ButtonSize::Small
            disabled=Signal::derive(move || desk.busy.get() || text.with(|text| text.trim().is_empty()))
            press=say_it
        >
            {t!(i18n, approval.remark_send)}
        </Button>
    }
}

#[component]
fn Threads(threads: Vec<Thread>, desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    if threads.is_empty() {
        return view! { <p class="sm muted">{t!(i18n, approval.remarks_none)}</p> }.into_any();
    }
    view! { <ul>{threads.into_iter().map(|thread| view! { <One thread=thread desk=desk /> }).collect_view()}</ul> }
        .into_any()
}

#[component]
fn One(thread: Thread, desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let toasts = use_toasts();
    let Thread {
        id,
        node,
        name,
        period,
        said,
        resolved,
    } = thread;
    let of = move || match node {
        None => t_string!(i18n, approval.whole_plan).to_owned(),
        Some(_) => {
            let total = t_string!(i18n, split.total);
            format!("{name}, {}", desk.period(period, lang(i18n.get_locale()), total))
        }
    };
    let settled = resolved.is_some();
    let begun = desk.writing.begun(desk.version, Some(id));
    let unfolded = RwSignal::from(begun.unfolded);
    // A notice leads to one thread; the page comes before what was said, so that the browser does not find it by itself.
    let anchor = domain::remark::anchor(id);
    let place = NodeRef::<html::Li>::new();
    let hash = use_location().hash;
    let named = {
        let anchor = anchor.clone();
        Memo::new(move |_| hash.with(|hash| hash.trim_start_matches('#') == anchor))
    };
    Effect::new(move |_| {
        if let Some(place) = place.get()
            && named.get()
        {
            place.scroll_into_view();
        }
    });
    let turn = move |_| {
        desk.busy.set(true);
        spawn_local(async move {
            if let Err(error) = settle(desk.version, id, !settled).await {
                toasts.show(Toast::refused(
                    t_string!(i18n, approval.remark_settle),
                    words_of(&error, i18n),
                ));
            }
            let _gone = desk.busy.try_set(false);
        });
    };
    let by_and_when = move |by: &str, at_ms: i64| {
        let lang = lang(i18n.get_locale());
        format!("{}, {}", actor(by, lang), moment(at_ms, lang))
    };
    let lines = said
        .into_iter()
        .map(|said| {
            let by = said.by;
            view! {
                <li>
                    <p class="said">{said.text}</p>
                    <p class="sm muted">{move || by_and_when(&by, said.at_ms)}</p>
                </li>
            }
        })
        .collect_view();
    view! {
        <li class="thread" class:named=named id=anchor node_ref=place data-settled=settled.to_string()>
            <p class="row between">
                <b>{of}</b>
                {settled.then(|| view! { <Tag kind=TagKind::Standing(Standing::Ahead)>{t!(i18n, approval.settled)}</Tag> })}
            </p>
            <ul>{lines}</ul>
            {resolved.map(|resolved| view! {
                <p class="sm muted">
                    {move || t_string!(i18n, approval.settled_by, by = by_and_when(&resolved.by, resolved.at_ms)).to_string()}
                </p>
            })}
            <details
                open=move || unfolded.get()
                on:toggle=move |event| {
                    let open = event_target::<Element>(&event).has_attribute("open");
                    let _gone = unfolded.try_set(open);
                }
            >
                <summary class="sm">{t!(i18n, approval.remark_answer)}</summary>
                <div class="stack">
                    <Words
                        desk=desk
                        name="answer"
                        kept=begun.text
                        send=Callback::new(move |()| (About::default(), Some(id)))
                    />
                </div>
            </details>
            <Button size=ButtonSize::Small disabled=desk.busy press=turn>
                {move || if settled { t_string!(i18n, approval.remark_open) } else { t_string!(i18n, approval.remark_settle) }}
            </Button>
        </li>
    }
}
