//! How long things last when some have not ended yet: Kaplan and Meier (1958) for whether, Aalen and Johansen (1978) for how.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How a thing ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// Not yet: it is only known to have lasted so long.
    None,
    /// As was hoped: won, moved on.
    Success,
    /// Otherwise: lost, fallen back.
    Failure,
}

/// A thing followed over whole days of its age.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// The first day of its age on which an end would have been seen; 0 where it was followed from the start.
    pub from: u32,
    /// The day of its age on which it ended or was last seen; those before `from` say nothing and are left out.
    pub to: u32,
    /// How it ended.
    pub exit: Exit,
}

/// A day of age on which something ended.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Days of age.
    pub day: u32,
    /// How many were followed on that day.
    pub at_risk: u64,
    /// The share that has not ended by the end of the day.
    pub lasting: f64,
    /// The share that has ended in success by then, with failure as the competing risk.
    pub success: f64,
    /// The share that has ended in failure by then.
    pub failure: f64,
}

/// Which share has ended, how, by which age; `lasting + success + failure` is 1 on every day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Incidence {
    steps: Vec<Step>,
    followed: u32,
    count: u64,
}

#[derive(Clone, Copy, Default)]
struct Moves {
    begun: u64,
    gone: u64,
    success: u64,
    failure: u64,
}

impl Incidence {
    /// The curve of things followed; `None` of nothing. Those last seen on a day count as followed through it.
    pub fn of(observed: impl IntoIterator<Item = Observed>) -> Option<Self> {
        let mut moves: BTreeMap<u32, Moves> = BTreeMap::new();
        let mut count = 0;
        for one in observed.into_iter().filter(|one| one.from <= one.to) {
            count += 1;
            moves.entry(one.from).or_default().begun += 1;
            let end = moves.entry(one.to).or_default();
            end.gone += 1;
            match one.exit {
                Exit::None => {}
                Exit::Success => end.success += 1,
                Exit::Failure => end.failure += 1,
            }
        }
        let followed = *moves.keys().next_back()?;
        let mut steps: Vec<Step> = Vec::new();
        let (mut at_risk, mut lasting, mut success, mut failure) = (0, 1.0, 0.0, 0.0);
        for (day, moved) in moves {
            at_risk += moved.begun;
            if moved.success + moved.failure > 0 {
                let each = lasting / at_risk as f64;
                success += each * moved.success as f64;
                failure += each * moved.failure as f64;
                lasting = each * (at_risk - moved.success - moved.failure) as f64;
                steps.push(Step {
                    day,
                    at_risk,
                    lasting,
                    success,
                    failure,
                });
            }
            at_risk -= moved.gone;
        }
        Some(Self {
            steps,
            followed,
            count,
        })
    }

    /// How many were followed.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The oldest age seen; beyond it the curve says nothing and stays flat.
    pub fn followed(&self) -> u32 {
        self.followed
    }

    /// The days on which something ended.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The share that has ended in success by the end of a day of age.
    pub fn success_by(&self, day: u32) -> f64 {
        self.at(day).map_or(0.0, |step| step.success)
    }

    /// The share that has ended in failure by the end of a day of age.
    pub fn failure_by(&self, day: u32) -> f64 {
        self.at(day).map_or(0.0, |step| step.failure)
    }

    /// The share that has not ended by the end of a day of age.
    pub fn lasting_after(&self, day: u32) -> f64 {
        self.at(day).map_or(1.0, |step| step.lasting)
    }

    /// The age by which a part has ended, in either way; `None` where so many have not been seen to end.
    pub fn ended_by(&self, part: f64) -> Option<u32> {
        // A hair for rounding: half of ten is five.
        let found = self.steps.iter().find(|step| 1.0 - step.lasting >= part - 1e-12);
        found.map(|step| step.day)
    }

    /// The age by which a part of all ends that were seen to come has come; `None` where nothing ended.
    pub fn settled_by(&self, part: f64) -> Option<u32> {
        let all = 1.0 - self.steps.last()?.lasting;
        self.ended_by(part.clamp(0.0, 1.0) * all)
    }

    fn at(&self, day: u32) -> Option<&Step> {
        let next = self.steps.partition_point(|step| step.day <= day);
        next.checked_sub(1).and_then(|place| self.steps.get(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observed(to: u32, exit: Exit) -> Observed {
        Observed { from: 0, to, exit }
    }

    fn near(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-12, "{value} is not {expected}");
    }

    /// Remission times under 6-mercaptopurine (Freireich et al. 1963); the published curve ends at 0.448.
    #[test]
    fn the_textbook_s_remissions() {
        let ended = [6, 6, 6, 7, 10, 13, 16, 22, 23];
        let running = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];
        let all = ended.map(|day| observed(day, Exit::Success));
        let curve = Incidence::of(
            all.into_iter()
                .chain(running.map(|day| observed(day, Exit::None))),
        )
        .unwrap();
        for (day, lasting) in [
            (5, 1.0),
            (6, 0.857_142_857_142_857_1),
            (7, 0.806_722_689_075_630_3),
            (10, 0.752_941_176_470_588_2),
            (13, 0.690_196_078_431_372_5),
            (16, 0.627_450_980_392_156_9),
            (22, 0.537_815_126_050_420_2),
            (40, 0.448_179_271_708_683_5),
        ] {
            near(curve.lasting_after(day), lasting);
        }
        assert_eq!((curve.ended_by(0.5), curve.ended_by(0.6)), (Some(23), None));
        assert_eq!((curve.followed(), curve.count()), (35, 21));
        assert_eq!(curve.settled_by(0.5), Some(13));
    }

    #[test]
    fn two_ways_to_end_compete() {
        // Day 1: 1 of 4 succeeds; day 2: 1 of 3 fails; one leaves unseen on day 2; day 3: the last succeeds.
        let curve = Incidence::of([
            observed(1, Exit::Success),
            observed(2, Exit::Failure),
            observed(2, Exit::None),
            observed(3, Exit::Success),
        ])
        .unwrap();
        near(curve.success_by(2), 0.25);
        near(curve.failure_by(2), 0.25);
        near(curve.success_by(3), 0.75);
        near(curve.lasting_after(3), 0.0);
        near(curve.lasting_after(0), 1.0);
    }

    #[test]
    fn who_is_followed_late_counts_from_then_on() {
        let late = Observed {
            from: 5,
            to: 9,
            exit: Exit::Success,
        };
        let curve = Incidence::of([observed(3, Exit::Failure), observed(9, Exit::None), late]).unwrap();
        near(curve.failure_by(3), 0.5);
        near(curve.success_by(9), 0.25);
        let never = Observed {
            from: 5,
            ..observed(2, Exit::Success)
        };
        assert_eq!(Incidence::of([never]), None);
        assert_eq!(Incidence::of([]), None);
    }
}
