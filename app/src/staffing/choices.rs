//! What there is to choose from, in words.

use domain::id::UnitId;
use domain::people::Named;
use domain::staffing::{Kind, LeaveKind};
use leptos::prelude::*;

use crate::ui::Choice;
use crate::words::{Words, lang, t_string};

/// What may happen.
pub(super) fn kinds(i18n: Words) -> Signal<Vec<Choice>> {
    Signal::derive(move || {
        Kind::ALL
            .into_iter()
            .map(|kind| {
                let label = match kind {
                    Kind::Leaver => t_string!(i18n, staffing.kind_leaver),
                    Kind::Joiner => t_string!(i18n, staffing.kind_joiner),
                    Kind::Transfer => t_string!(i18n, staffing.kind_transfer),
                    Kind::Merger => t_string!(i18n, staffing.kind_merger),
                    Kind::Leave => t_string!(i18n, staffing.kind_leave),
                };
                Choice::new(kind.as_str(), label)
            })
            .collect()
    })
}

/// Who carries what somebody no longer does.
pub(super) fn rests(i18n: Words) -> Signal<Vec<Choice>> {
    Signal::derive(move || {
        vec![
            Choice::new("colleagues", t_string!(i18n, staffing.rest_colleagues)),
            Choice::new("nobody", t_string!(i18n, staffing.rest_nobody)),
            Choice::new("successor", t_string!(i18n, staffing.rest_successor)),
        ]
    })
}

/// Where the number of somebody who comes is taken from.
pub(super) fn sources(i18n: Words) -> Signal<Vec<Choice>> {
    Signal::derive(move || {
        vec![
            Choice::new("nobody", t_string!(i18n, staffing.source_nobody)),
            Choice::new("colleagues", t_string!(i18n, staffing.source_colleagues)),
            Choice::new("nothing", t_string!(i18n, staffing.source_nothing)),
        ]
    })
}

/// What happens with the number of somebody who moves.
pub(super) fn carries(i18n: Words) -> Signal<Vec<Choice>> {
    Signal::derive(move || {
        vec![
            Choice::new("goes", t_string!(i18n, staffing.carry_goes)),
            Choice::new("colleagues", t_string!(i18n, staffing.carry_colleagues)),
            Choice::new("nobody", t_string!(i18n, staffing.carry_nobody)),
        ]
    })
}

/// Why somebody is away.
pub(super) fn leave_kinds(i18n: Words) -> Signal<Vec<Choice>> {
    Signal::derive(move || {
        LeaveKind::ALL
            .into_iter()
            .map(|kind| Choice::new(kind.as_str(), kind.words(lang(i18n.get_locale()))))
            .collect()
    })
}

/// Units.
pub(super) fn units(units: &[Named<UnitId>]) -> Vec<Choice> {
    units
        .iter()
        .map(|unit| Choice::new(unit.id.to_string(), unit.name.clone()))
        .collect()
}
