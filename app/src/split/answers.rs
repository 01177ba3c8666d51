//! Who has confirmed the numbers of a published version, and exactly which; who has not yet, and is reminded; who disagrees and
//! why. A page at a time, by name and by where they stand.

pub mod row;

use domain::acknowledgement::{AnswerFilter, AnswerPage, AnswerQuery, Reminded, Stance, StanceCounts};
use domain::format;
use domain::id::{MemberId, VersionId};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::board::Board;
use crate::error::AppError;
use crate::live::use_live;
use crate::long_list::{PageAt, Pages, SeekField, ask_newest};
use crate::ui::{Choice, Glyph, Icon, Select, Standing, Tag, TagKind, Toast, use_toasts, when, words_of};
use crate::words::{Words, t, t_string, use_i18n};
use row::Row;

/// What those within reach say of their number of a version on record.
#[server(prefix = "/api/app", endpoint = "split/answers", input = server_fn::codec::Json)]
pub async fn who_is_asked(version: VersionId, query: AnswerQuery) -> Result<AnswerPage, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.answer_page(&scope, version, &query).await)
}

/// Reminds those within reach who have not answered, or one of them.
#[server(prefix = "/api/app", endpoint = "split/remind", input = server_fn::codec::Json)]
pub async fn remind_carriers(version: VersionId, member: Option<MemberId>) -> Result<Reminded, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.remind_carriers(&scope, version, member).await)
}

/// Reminds those whom the list shows, on all of its pages, and who have not answered.
#[server(prefix = "/api/app", endpoint = "split/remind-listed", input = server_fn::codec::Json)]
pub async fn remind_listed_carriers(version: VersionId, filter: AnswerFilter) -> Result<Reminded, AppError> {
    let (operations, scope) = crate::server::asking()?;
    crate::error::answer(operations.remind_listed(&scope, version, &filter).await)
}

/// The list: what is sought in it, and the page that came last. What comes later changes it in place, so that what has the focus,
/// and what is unfolded, stay.
#[derive(Clone, Copy)]
pub struct List {
    /// As it is typed.
    typed: RwSignal<String>,
    /// What is sought, and where the page begins.
    asked: RwSignal<AnswerQuery>,
    page: RwSignal<Option<AnswerPage>>,
    busy: RwSignal<bool>,
    /// Reminds one, or without anybody all who are listed.
    remind: Callback<Option<MemberId>>,
}

impl List {
    /// Follows what is sought, what others answer, and the reminders that are sent from here.
    fn follow(version: VersionId) -> Self {
        let i18n = use_i18n();
        let live = use_live();
        let toasts = use_toasts();
        let asked = RwSignal::new(AnswerQuery::default());
        let page = RwSignal::new(None::<AnswerPage>);
        let busy = RwSignal::new(false);
        let sent = RwSignal::new(0_u64);
        let remind = Callback::new(move |member: Option<MemberId>| {
            if busy.get_untracked() {
                return;
            }
            busy.set(true);
            let filter = asked.with_untracked(|asked| asked.filter.clone());
            spawn_local(async move {
                let done = if member.is_some() || filter.is_all() {
                    remind_carriers(version, member).await
                } else {
                    remind_listed_carriers(version, filter).await
                };
                let _left = busy.try_set(false);
                match done {
                    Ok(reminded) => {
                        let words = t_string!(
                            i18n,
                            split.reminded,
                            told = reminded.told,
                            already = reminded.already,
                            unreachable = reminded.unreachable
                        )
                        .to_string();
                        toasts.show(Toast::done(words));
                    }
                    Err(error) => {
                        let title = t_string!(i18n, split.remind_one).to_owned();
                        toasts.show(Toast::refused(title, words_of(&error, i18n)));
                    }
                }
                // Also where it was refused: somebody has answered meanwhile.
                let _left = sent.try_update(|sent| *sent += 1);
            });
        });
        ask_newest(
            move || {
                live.acknowledgements.track();
                sent.track();
                Some(who_is_asked(version, asked.get()))
            },
            // Where it fails the list stays: the numbers can be read all the same, and what went wrong is in the server's log.
            move |answer| {
                if let Ok(found) = answer {
                    let _gone = page.try_set(Some(found));
                }
            },
        );
        Self {
            typed: RwSignal::new(String::new()),
            asked,
            page,
            busy,
            remind,
        }
    }

    /// Seeks something else, from the first page on.
    fn seek(self, change: impl FnOnce(&mut AnswerFilter)) {
        self.asked.update(|asked| {
            change(&mut asked.filter);
            asked.offset = 0;
        });
    }

    /// Whether whoever looks may remind anybody at all.
    fn voices(self) -> bool {
        self.read(|page| page.voice)
    }

    fn read<T: Default>(self, read: impl FnOnce(&AnswerPage) -> T) -> T {
        self.page.with(|page| page.as_ref().map(read)).unwrap_or_default()
    }
}

/// The answers to a published version, folded to one line.
#[component]
pub(super) fn Answers(board: Board) -> impl IntoView {
    let list = List::follow(board.version());
    when(
        move || list.page.with(Option::is_some),
        move || view! { <Told list=list board=board /> }.into_any(),
    )
}

#[component]
fn Told(list: List, board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let counts = Memo::new(move |_| list.read(|page| page.counts));
    let count = move |read: fn(&StanceCounts) -> u64| Memo::new(move |_| counts.with(read));
    let (countered, open, confirmed) = (
        count(|counts| counts.countered),
        count(StanceCounts::open),
        count(|counts| counts.confirmed),
    );
    let voice = Memo::new(move |_| list.read(|page| page.voice && page.counts.open() > 0));
    let nobody = Memo::new(move |_| list.read(|page| page.matching == 0));
    let at = Memo::new(move |_| list.read(|page| PageAt::of(page.offset, page.rows.len(), page.matching)));
    let turn = Callback::new(move |offset: u32| list.asked.update(|asked| asked.offset = offset));
    let nodes = move || list.read(|page| page.rows.iter().map(|row| row.node).collect::<Vec<_>>());
    view! {
        <details
            class="answers"
            data-objections=move || countered.get().to_string()
            data-waiting=move || open.get().to_string()
            data-confirmed=move || confirmed.get().to_string()
            data-matching=move || list.read(|page| page.matching).to_string()
        >
            <summary class="row wrap">
                {when(move || countered.get() + open.get() == 0, move || view! {
                    <Tag kind=TagKind::Standing(Standing::Ahead)>{t!(i18n, split.all_confirmed)}</Tag>
                }.into_any())}
                {when(move || countered.get() > 0, move || view! {
                    <Tag kind=TagKind::Standing(Standing::Far)>
                        {move || t_string!(i18n, split.objections, count = format::count(countered.get())).to_string()}
                    </Tag>
                }.into_any())}
                {when(move || open.get() > 0, move || view! {
                    <Tag kind=TagKind::Standing(Standing::Behind)>
                        {move || t_string!(i18n, split.not_confirmed, count = format::count(open.get())).to_string()}
                    </Tag>
                }.into_any())}
                <span class="sm muted">
                    {move || t_string!(i18n, split.confirmed_count, count = format::count(confirmed.get())).to_string()}
                </span>
                <Icon glyph=Glyph::Down />
            </summary>
            <Sought list=list />
            {when(move || voice.get(), move || view! { <RemindAll list=list /> }.into_any())}
            <ul>
                <For each=nodes key=|node| *node let(node)>
                    <Row node=node list=list board=board />
                </For>
            </ul>
            {when(move || nobody.get(), move || view! {
                <p class="sm muted">{t!(i18n, split.answers_none)}</p>
            }.into_any())}
            <Pages name="answers" at=at size=AnswerPage::SIZE on_turn=turn />
        </details>
    }
}

/// What is sought.
#[component]
fn Sought(list: List) -> impl IntoView {
    let i18n = use_i18n();
    let seek = Callback::new(move |search: String| list.seek(|filter| filter.search = search));
    let stances = Signal::derive(move || {
        let all = Choice::new("", t_string!(i18n, split.stance_all));
        let named = Stance::ALL
            .into_iter()
            .map(|stance| Choice::new(stance.as_str(), called(stance, i18n)));
        std::iter::once(all).chain(named).collect::<Vec<_>>()
    });
    let chosen = Signal::derive(move || {
        let stance = list.asked.with(|asked| asked.filter.stance);
        stance.map_or("", Stance::as_str).to_owned()
    });
    view! {
        <div class="row wrap">
            <SeekField name="answers-seek" label=t!(i18n, split.answers_seek) typed=list.typed on_seek=seek />
            <Select
                label=t!(i18n, split.answers_stance)
                name="answers-stance"
                choices=stances
                value=chosen
                on_pick=Callback::new(move |name: String| list.seek(|filter| filter.stance = Stance::parse(&name)))
                compact=true
            />
        </div>
    }
}

/// Reminds all who are listed, on all pages. It stays where it is while it is at work, so that it keeps the focus.
#[component]
fn RemindAll(list: List) -> impl IntoView {
    let i18n = use_i18n();
    let count = Memo::new(move |_| list.read(|page| page.may_remind));
    let idle = move || list.busy.get() || count.get() == 0;
    let words = move || {
        if list.asked.with(|asked| asked.filter.is_all()) {
            t_string!(i18n, split.remind_all).to_owned()
        } else {
            t_string!(i18n, split.remind_listed, count = format::count(count.get())).to_string()
        }
    };
    view! {
        <p class="row wrap">
            <button
                type="button"
                class="btn s"
                data-remind="listed"
                aria-disabled=move || idle().then_some("true")
                aria-busy=move || list.busy.get().then_some("true")
                on:click=move |_| {
                    if !untrack(idle) {
                        list.remind.run(None);
                    }
                }
            >
                <Icon glyph=Glyph::Bell />
                {words}
            </button>
            <span class="sm muted">{t!(i18n, split.remind_hint)}</span>
        </p>
    }
}

/// What a stance is called.
fn called(stance: Stance, i18n: Words) -> &'static str {
    match stance {
        Stance::Countered => t_string!(i18n, split.stance_countered),
        Stance::AskedAgain => t_string!(i18n, split.stance_asked_again),
        Stance::Asked => t_string!(i18n, split.stance_asked),
        Stance::NotAsked => t_string!(i18n, split.stance_not_asked),
        Stance::Confirmed => t_string!(i18n, split.stance_confirmed),
    }
}
