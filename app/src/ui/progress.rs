//! Progress with pace mark, the signature: the fill is what is done, the notch is where today should be.

use leptos::prelude::*;

use super::tag::Standing;

/// A part of a whole in millionths; drawn within 0 and 1,000,000, said as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(pub i64);

impl Share {
    /// The share `part / whole`; nothing of nothing is zero.
    pub fn of(part: i64, whole: i64) -> Self {
        if whole == 0 {
            return Self(0);
        }
        let ppm = i128::from(part) * 1_000_000 / i128::from(whole);
        Self(ppm.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64)
    }

    /// As a length of an SVG, within the bar.
    fn length(self) -> String {
        let ppm = self.0.clamp(0, 1_000_000);
        format!("{}.{:04}%", ppm / 10_000, ppm % 10_000)
    }
}

/// How high a bar is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BarSize {
    /// 6 px: in a table row.
    Small,
    /// 8 px.
    #[default]
    Normal,
    /// 16 px: on a phone.
    Large,
    /// 22 px: the figure of the page.
    Hero,
}

/// A bar of what is done with a notch where it should be today.
#[component]
pub fn Progress(
    /// What is done of the whole.
    #[prop(into)]
    done: Signal<Share>,
    /// Where it should be today; none when there is no target.
    #[prop(into)]
    due: Signal<Option<Share>>,
    /// How high it is.
    #[prop(optional)]
    size: BarSize,
    /// Colours the fill; neutral ink without.
    #[prop(optional, into)]
    standing: Signal<Option<Standing>>,
    /// What it shows, in words with numbers, for screen readers.
    #[prop(into)]
    label: TextProp,
) -> impl IntoView {
    // Height of the whole drawing and of the bar; the notch stands over it at both sides.
    let (class, height, bar) = match size {
        BarSize::Small => ("prog s", 12, 6),
        BarSize::Normal => ("prog", 16, 8),
        BarSize::Large => ("prog l", 24, 16),
        BarSize::Hero => ("prog xl", 38, 22),
    };
    let top = (height - bar) / 2;
    let fill = move || match standing.get() {
        Some(standing) => format!("done f-{}", standing.class()),
        None => "done".to_owned(),
    };
    view! {
        <svg class=class height=height role="img" aria-label=move || label.get()>
            <rect class="track" x="0" y=top width="100%" height=bar rx="2" />
            <rect class=fill x="0" y=top width=move || done.get().length() height=bar rx="2" />
            <rect
                class="due"
                x=move || due.get().unwrap_or_default().length()
                y="0"
                width=move || if due.get().is_some() { "2" } else { "0" }
                height=height
                transform="translate(-1 0)"
                visibility=move || if due.get().is_some() { "visible" } else { "hidden" }
            />
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::Share;

    #[test]
    fn a_share_is_drawn_within_its_bar_and_kept_as_it_is() {
        assert_eq!(Share::of(839, 1000).length(), "83.9000%");
        assert_eq!(Share::of(3, 2).length(), "100.0000%");
        assert_eq!(Share::of(3, 2).0, 1_500_000);
        assert_eq!(Share::of(-1, 2).length(), "0.0000%");
        assert_eq!(Share::of(7, 0), Share(0));
    }
}
