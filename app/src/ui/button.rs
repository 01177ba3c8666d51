//! Button: one primary on a screen. Attributes can be put on it directly; what a press does is said by `press`.
//!
//! An `on:click` put on a component is dead once the component is made anew in place (tachys 0.2 drops the new listener and keeps
//! the old one, whose signals are gone).

use leptos::children::Children;
use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// What a button says about itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one thing to do here.
    Primary,
    /// Anything else.
    #[default]
    Plain,
    /// Beside other things, without a border.
    Quiet,
    /// Looks like a link.
    Link,
    /// Takes something away.
    Danger,
}

/// How large a button is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonSize {
    /// 32 px, on a phone 48.
    #[default]
    Normal,
    /// 28 px, on a phone 44.
    Small,
    /// As wide as what is around it.
    Wide,
}

/// What the browser does with a press.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonType {
    /// Nothing but the click.
    #[default]
    Press,
    /// Sends the form around it.
    Submit,
}

impl ButtonKind {
    /// The CSS classes of a button, also for links that look like one.
    pub fn class(self, size: ButtonSize) -> String {
        let kind = match self {
            Self::Primary => " primary",
            Self::Plain => "",
            Self::Quiet => " quiet",
            Self::Link => " link",
            Self::Danger => " danger",
        };
        let size = match size {
            ButtonSize::Normal => "",
            ButtonSize::Small => " s",
            ButtonSize::Wide => " wide",
        };
        format!("btn{kind}{size}")
    }
}

/// A button.
#[component]
pub fn Button(
    /// What it says about itself.
    #[prop(optional)]
    kind: ButtonKind,
    /// How large it is.
    #[prop(optional)]
    size: ButtonSize,
    /// Whether it sends a form.
    #[prop(optional)]
    r#type: ButtonType,
    /// Cannot be pressed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Is at work; cannot be pressed until it is done.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// What a press does.
    #[prop(optional, into)]
    press: Option<Callback<MouseEvent>>,
    /// Icon and words.
    children: Children,
) -> impl IntoView {
    let kind_of_press = match r#type {
        ButtonType::Press => "button",
        ButtonType::Submit => "submit",
    };
    // What was pressed may lead elsewhere: its part lets go of these before the button itself is gone, and a last change of them is
    // still told to it.
    let is_busy = move || busy.try_get().unwrap_or_default();
    view! {
        <button
            type=kind_of_press
            class=kind.class(size)
            disabled=move || disabled.try_get().unwrap_or(true) || is_busy()
            aria-busy=move || is_busy().then_some("true")
            on:click=move |event| {
                if let Some(press) = press {
                    press.run(event);
                }
            }
        >
            {children()}
        </button>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use leptos::prelude::*;

    use super::Button;

    #[test]
    fn a_button_outlives_what_it_follows() {
        let page = Owner::new();
        let (part, frame) = (page.child(), page.child());
        let (idle, busy): (Signal<bool>, Signal<bool>) =
            part.with(|| (RwSignal::new(false).into(), RwSignal::new(true).into()));
        let button =
            move || frame.with(|| view! { <Button disabled=idle busy=busy>"Save"</Button> }.to_html());
        let before = button();
        assert!(before.contains("aria-busy=\"true\""), "{before}");
        part.cleanup();
        let after = button();
        assert!(
            after.contains("disabled") && !after.contains("aria-busy"),
            "{after}"
        );
    }
}
