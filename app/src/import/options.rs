//! What a person may decide for all rows at once: unknown names, empty cells, and for targets their unit and where they go.

use domain::import::{Blank, OnMissing, Options};
use leptos::prelude::*;

use super::Desk;
use crate::ui::{Choice, Select};
use crate::words::{t, t_string, use_i18n};

/// The decisions, for the next dry run or the commit.
#[component]
pub(super) fn Decisions(options: Options, targets: bool, desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let missing = RwSignal::new(chosen_missing(options.on_missing).to_owned());
    let blank = RwSignal::new(chosen_blank(options.blank).to_owned());
    let unit = RwSignal::new(options.unit.map_or_else(String::new, |unit| unit.to_string()));
    let landing = RwSignal::new(
        if options.publish == Some(true) {
            "record"
        } else {
            "draft"
        }
        .to_owned(),
    );
    let change = move |set: fn(&mut Options, &str)| {
        move |value: String| desk.choices.update(|choices| set(&mut choices.options, &value))
    };
    view! {
        <section class="card row wrap import-options" aria-label=move || t_string!(i18n, import.options)>
            <h2>{t!(i18n, import.options)}</h2>
            <Select
                label=move || t_string!(i18n, import.missing).to_string()
                name="on_missing"
                choices=Signal::derive(move || vec![
                    Choice::new("reject", t_string!(i18n, import.missing_reject)),
                    Choice::new("create", t_string!(i18n, import.missing_create)),
                ])
                value=missing
                on_pick=Callback::new(change(|options, value| {
                    options.on_missing = if value == "create" { OnMissing::Create } else { OnMissing::Reject };
                }))
            />
            <Select
                label=move || t_string!(i18n, import.blank).to_string()
                name="blank"
                choices=Signal::derive(move || vec![
                    Choice::new("keep", t_string!(i18n, import.blank_keep)),
                    Choice::new("clear", t_string!(i18n, import.blank_clear)),
                ])
                value=blank
                on_pick=Callback::new(change(|options, value| {
                    options.blank = if value == "clear" { Blank::Clear } else { Blank::Keep };
                }))
            />
            {targets.then(|| view! {
                <Select
                    label=move || t_string!(i18n, import.unit).to_string()
                    name="unit"
                    choices=Signal::derive(move || vec![
                        Choice::new("", t_string!(i18n, import.unit_said)),
                        Choice::new("1", t_string!(i18n, import.unit_one)),
                        Choice::new("1000", t_string!(i18n, import.unit_thousand)),
                        Choice::new("10000", t_string!(i18n, import.unit_ten_thousand)),
                        Choice::new("1000000", t_string!(i18n, import.unit_million)),
                    ])
                    value=unit
                    on_pick=Callback::new(change(|options, value| options.unit = value.parse().ok()))
                />
                <Select
                    label=move || t_string!(i18n, import.landing).to_string()
                    name="publish"
                    choices=Signal::derive(move || vec![
                        Choice::new("draft", t_string!(i18n, import.landing_draft)),
                        Choice::new("record", t_string!(i18n, import.landing_record)),
                    ])
                    value=landing
                    on_pick=Callback::new(change(|options, value| options.publish = Some(value == "record")))
                />
            })}
        </section>
    }
}

fn chosen_missing(on_missing: OnMissing) -> &'static str {
    match on_missing {
        OnMissing::Create => "create",
        OnMissing::Reject => "reject",
    }
}

fn chosen_blank(blank: Blank) -> &'static str {
    match blank {
        Blank::Keep => "keep",
        Blank::Clear => "clear",
    }
}
