//! What rows are called. The names of most people come page by page, when somebody looks at them, seeks among them, or copies them;
//! a row whose name has not come shows none.

use domain::plan::{NodeIndex, Shape};
use domain::split::NAMES_PAGE;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Board;
use super::state::State;
use crate::split::{focus, names_on};

/// Stands for a name that has not come.
pub(in crate::split) const UNNAMED: &str = "…";
/// Pages that are asked for at once.
const AT_ONCE: usize = 8;

/// Whether the names of a page are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    Missing,
    Asked,
    /// They were asked for and did not come.
    Failed,
    There,
}

/// The pages of a grid that was just opened: those are there on which no row lacks its name.
pub(super) fn pages(shape: &Shape) -> Vec<Page> {
    let mut pages = vec![Page::There; shape.len().div_ceil(NAMES_PAGE)];
    for node in shape.nodes().filter(|node| shape.name(*node).is_empty()) {
        if let Some(page) = pages
            .get_mut(page_of(node))
            .filter(|_| node.0 as usize >= NAMES_PAGE)
        {
            *page = Page::Missing;
        }
    }
    pages
}

fn page_of(node: NodeIndex) -> usize {
    node.0 as usize / NAMES_PAGE
}

impl State {
    /// Whether it is known what a row is called.
    pub(super) fn is_named(&self, node: NodeIndex) -> bool {
        self.pages
            .get(page_of(node))
            .is_none_or(|page| *page == Page::There)
            || !self.open.grid.shape().name(node).is_empty()
    }
}

impl Board {
    /// What a row is called; where that is not known it is asked for. Tracks names that come.
    pub(in crate::split) fn name(&self, node: NodeIndex) -> String {
        self.named.track();
        let name = self.state.with_value(|state| {
            let name = || state.open.grid.shape().name(node).to_owned();
            state.is_named(node).then(name)
        });
        name.unwrap_or_else(|| {
            self.want_names([node]);
            UNNAMED.to_owned()
        })
    }

    /// Whether it is known what a row is called; tracks names that come.
    pub(in crate::split) fn is_named(&self, node: NodeIndex) -> bool {
        self.named.track();
        self.state.with_value(|state| state.is_named(node))
    }

    /// Whether it is known what every row is called; tracks names that come.
    pub(in crate::split) fn is_all_named(&self) -> bool {
        self.named.track();
        self.state
            .with_value(|state| state.pages.iter().all(|page| *page == Page::There))
    }

    /// Names that were asked for did not come; tracks it.
    pub(in crate::split) fn names_failed(&self) -> bool {
        self.names_failed.get()
    }

    /// The row that somebody is at work in: types, has its menu open, or drags its handle; tracks it.
    fn in_hand(&self) -> Option<NodeIndex> {
        self.track_shown();
        let typed = self
            .editing
            .with(|editing| editing.as_ref().map(|((node, _), _)| *node));
        let quarter = || self.typed_quarter();
        let line = || self.edited_line().map(|(node, ..)| node);
        let menu = || self.menu.get().map(|(node, _)| node);
        let dragged = || self.is_in_drag().then(|| self.selected.get_untracked());
        typed
            .or_else(quarter)
            .or_else(line)
            .or_else(menu)
            .or_else(dragged)
    }

    /// The row in hand, if it was not named when that began: it is not made anew under the hand, as what is typed, the open dialog
    /// or the grip would go with it.
    pub(in crate::split) fn held_row(&self) -> Memo<Option<NodeIndex>> {
        let board = *self;
        Memo::new(move |before: Option<&Option<NodeIndex>>| {
            let row = board.in_hand()?;
            let was_held = before.is_some_and(|held| *held == Some(row));
            (was_held || !untrack(|| board.is_named(row))).then_some(row)
        })
    }

    /// Asks for the names of rows that are not known.
    pub(in crate::split) fn want_names(&self, rows: impl IntoIterator<Item = NodeIndex>) {
        let mut pages: Vec<usize> = self.state.with_value(|state| {
            let unnamed = rows.into_iter().filter(|row| !state.is_named(*row));
            unnamed.map(page_of).collect()
        });
        pages.dedup();
        self.ask_for(&pages);
    }

    /// Asks for all names.
    pub(in crate::split) fn want_all_names(&self) {
        let all = self.state.with_value(|state| state.pages.len());
        self.ask_for(&(0..all).collect::<Vec<_>>());
    }

    /// Does something once it is known what some rows are called; at once where it is.
    pub(in crate::split) fn once_named(&self, rows: &[NodeIndex], act: impl FnOnce() + 'static) {
        let mut pages: Vec<usize> = self.state.with_value(|state| {
            let unnamed = rows.iter().filter(|row| !state.is_named(**row));
            unnamed.map(|row| page_of(*row)).collect()
        });
        if pages.is_empty() {
            return act();
        }
        pages.sort_unstable();
        pages.dedup();
        let board = *self;
        // Asked for here too where somebody else has: this waits for its own answer.
        spawn_local(async move {
            board.fetch(pages).await;
            if board.state.try_with_value(|_| ()).is_some() {
                act();
            }
        });
    }

    fn ask_for(&self, pages: &[usize]) {
        let asked = self.state.try_update_value(|state| {
            let mut asked = Vec::new();
            for page in pages {
                if let Some(state) = state
                    .pages
                    .get_mut(*page)
                    .filter(|state| matches!(**state, Page::Missing | Page::Failed))
                {
                    *state = Page::Asked;
                    asked.push(*page);
                }
            }
            asked
        });
        if let Some(asked) = asked.filter(|asked| !asked.is_empty()) {
            let board = *self;
            spawn_local(async move { board.fetch(asked).await });
        }
    }

    /// Fetches pages, some at a time. What does not come is told of until it is there: other names that come later are no answer.
    async fn fetch(self, pages: Vec<usize>) {
        for some in pages.chunks(AT_ONCE) {
            let Some((version, offset)) = self
                .state
                .try_with_value(|state| (state.open.version, state.open.offset))
            else {
                return;
            };
            let asked = some.iter().map(|page| *page as u32).collect();
            let told = names_on(version, offset, asked).await.unwrap_or_default();
            self.put_names(some, &told);
            let failed = self
                .state
                .try_with_value(|state| state.pages.contains(&Page::Failed));
            if let Some(failed) = failed {
                let _gone = self.names_failed.try_set(failed);
            }
        }
    }

    /// Takes in the names of pages; those that were not told can be asked for again.
    fn put_names(&self, pages: &[usize], told: &[Vec<String>]) {
        let put = self.state.try_update_value(|state| {
            for (place, page) in pages.iter().enumerate() {
                if let Some(names) = told.get(place) {
                    let first = NodeIndex((page * NAMES_PAGE) as u32);
                    state.open.grid.name_rows(first, names);
                }
                let is = if told.len() > place {
                    Page::There
                } else {
                    Page::Failed
                };
                if let Some(page) = state.pages.get_mut(*page).filter(|page| **page != Page::There) {
                    *page = is;
                }
            }
            !state.filter.is_empty()
        });
        let Some(sought) = put.filter(|_| !told.is_empty()) else {
            return;
        };
        // A row whose name comes is made anew: the keyboard stays where it is.
        let had_focus = focus::is_in_rows();
        self.named.update(|count| *count = count.wrapping_add(1));
        if sought && untrack(|| self.is_all_named()) {
            self.arrange(|_| {});
        }
        if had_focus {
            focus::to_stop_if_nowhere();
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::calendar::Day;
    use domain::id::MemberId;
    use domain::plan::{NodeRef, NodeSpec, PlanPeriod};
    use uuid::Uuid;

    use super::*;

    /// A root and people, each with a name or none.
    fn shape(people: usize, name: impl Fn(usize) -> &'static str) -> Shape {
        let nodes = (0..=people).map(|row| NodeSpec {
            parent: (row > 0).then_some(NodeIndex(0)),
            reference: if row == 0 {
                NodeRef::Unit(domain::id::UnitId(Uuid::from_u128(1)))
            } else {
                NodeRef::Member(MemberId(Uuid::from_u128(row as u128)))
            },
            name: name(row).to_owned(),
        });
        let period = PlanPeriod {
            starts_on: Day(0),
            ends_on: Day(30),
        };
        Shape::new(nodes.collect(), vec![period]).unwrap()
    }

    #[test]
    fn pages_whose_rows_lack_a_name_are_missing() {
        let whole = shape(3 * NAMES_PAGE, |_| "a");
        assert_eq!(pages(&whole), [Page::There; 4]);
        let part = shape(3 * NAMES_PAGE, |row| if row == 2 * NAMES_PAGE { "" } else { "a" });
        assert_eq!(
            pages(&part),
            [Page::There, Page::There, Page::Missing, Page::There]
        );
    }
}
