//! Figures with what they have to keep.

/// What a figure has to stay in.
#[derive(Clone, Copy)]
pub(crate) enum Limit {
    AtMost(f64),
    Between(f64, f64),
}

impl Limit {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::AtMost(most) => value <= most,
            Self::Between(least, most) => least <= value && value <= most,
        }
    }

    fn words(self) -> String {
        match self {
            Self::AtMost(most) => format!("<= {most}"),
            Self::Between(least, most) => format!("{least} to {most}"),
        }
    }
}

/// Bar and goal.
pub(crate) type Limits = Option<(Limit, Limit)>;

struct Figure {
    name: String,
    value: f64,
    limits: Limits,
}

/// All figures of a run.
#[derive(Default)]
pub(crate) struct Figures(Vec<Figure>);

impl Figures {
    /// Notes and prints a figure.
    pub(crate) fn add(&mut self, name: &str, value: f64, limits: Limits) {
        let words = limits.map_or_else(String::new, |(bar, goal)| {
            let mark = |limit: Limit| if limit.holds(value) { "kept" } else { "NOT KEPT" };
            format!(
                "bar {} {}, goal {} {}",
                bar.words(),
                mark(bar),
                goal.words(),
                mark(goal)
            )
        });
        println!("{name:<34} {value:9.3}  {words}");
        self.0.push(Figure {
            name: name.to_owned(),
            value,
            limits,
        });
    }

    /// The names of figures that do not keep their bar.
    pub(crate) fn missed(&self) -> Vec<&str> {
        let missed = self
            .0
            .iter()
            .filter(|figure| figure.limits.is_some_and(|(bar, _)| !bar.holds(figure.value)));
        missed.map(|figure| figure.name.as_str()).collect()
    }

    /// One line of JSON each.
    pub(crate) fn lines(&self) -> String {
        let line = |figure: &Figure| {
            let limits = figure.limits;
            serde_json::json!({
                "name": figure.name,
                "value": figure.value,
                "bar": limits.map(|(bar, _)| bar.words()),
                "goal": limits.map(|(_, goal)| goal.words()),
                "pass": limits.is_none_or(|(bar, _)| bar.holds(figure.value)),
                "reaches_goal": limits.map(|(_, goal)| goal.holds(figure.value)),
            })
            .to_string()
        };
        self.0.iter().map(|figure| line(figure) + "\n").collect()
    }
}
