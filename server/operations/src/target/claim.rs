//! What is known of a target, for the check.

use domain::assumption::Planning;
use domain::calendar::Day;
use domain::money::Minor;
use domain::outlook::Distribution;
use domain::plan::NodeRef;
use domain::smart::{Above, Carried, Chance, Claim, LEAST_CHANCE, MOST_CHANCE, Measured};
use domain::target::Purpose;
use store::attainment::{Cut, Question, Time};

use super::ROOT;
use crate::plan::UNASSIGNED;
use crate::plan::state::State;
use crate::{Error, Operations, Scope};

/// Days that what is credited is judged by.
const YEAR: i32 = 365;

impl Operations {
    /// What is known of the target of a version.
    pub(super) async fn claim(
        &self,
        all: &Scope,
        planning: &Planning,
        state: &State,
        today: Day,
        outlook: Option<&Distribution>,
        booked: Minor,
        purpose: Option<&Purpose>,
    ) -> Result<Claim, Error> {
        let grid = &state.grid;
        let amount = grid.amount(ROOT, None);
        Ok(Claim {
            amount,
            span: Some(planning.span),
            periods: grid
                .periods()
                .map(|period| grid.amount(ROOT, Some(period)))
                .collect(),
            carried: carried(state),
            metric: self.measured(all, planning, today).await?,
            outlook: outlook.map(|law| Chance {
                reached: law.chance_of(amount),
                booked,
                range: (law.at(1.0 - MOST_CHANCE), law.at(1.0 - LEAST_CHANCE)),
            }),
            above: purpose.map(|purpose| Above {
                name: purpose.name.clone(),
                asks: purpose.asks,
                span: purpose.span,
            }),
        })
    }

    /// How the metric is measured: when facts come, and what part of them is credited to somebody.
    async fn measured(&self, all: &Scope, planning: &Planning, today: Day) -> Result<Measured, Error> {
        let mut measured = Measured {
            today,
            ..Measured::default()
        };
        let reader = self.database.reader();
        let Some(metric) = store::metric::find(&reader, all, &planning.metric).await? else {
            return Ok(measured);
        };
        let span = store::rollup::span(&reader, all, &metric).await?;
        let Some((first, last)) = span.map(|(first, last)| (first, last.min(today))) else {
            return Ok(measured);
        };
        if last < first {
            return Ok(measured);
        }
        let mut question = Question {
            from: first,
            to: last.plus(1),
            time: Time::Days,
            by_member: Cut::Together,
            by_unit: Cut::Together,
            by_things: Vec::new(),
        };
        let mut days: Vec<i32> = store::attainment::sums(&reader, all, &metric, &question)
            .await?
            .iter()
            .filter(|piece| piece.count > 0)
            .map(|piece| piece.time)
            .collect();
        days.sort_unstable();
        measured.longest_pause = days
            .windows(2)
            .map(|pair| pair[1].saturating_sub(pair[0]))
            .max()
            .unwrap_or(0);
        question.from = last.plus(1 - YEAR).max(first);
        question.time = Time::Whole;
        question.by_member = Cut::Apart;
        let (mut sum, mut credited) = (0_i128, 0_i128);
        for piece in store::attainment::sums(&reader, all, &metric, &question).await? {
            sum += i128::from(piece.amount.0);
            if !piece.member.0.is_nil() {
                credited += i128::from(piece.amount.0);
            }
        }
        measured.facts = Some((first, last));
        measured.credited = if sum > 0 {
            credited as f64 / sum as f64
        } else {
            1.0
        };
        Ok(measured)
    }
}

/// Who carries the numbers of a version.
fn carried(state: &State) -> Carried {
    let shape = state.grid.shape();
    let children: i64 = shape
        .children(ROOT)
        .map(|node| state.grid.amount(node, None).0)
        .sum();
    let split = (!shape.is_leaf(ROOT)).then(|| Minor(children - state.grid.hedge(ROOT, None).0));
    let mut carried = Carried {
        split,
        carriers: 0,
        ..Carried::default()
    };
    for (node, index) in state.nodes.iter().zip(shape.nodes()) {
        if !shape.is_leaf(index) || state.grid.amount(index, None).0 <= 0 {
            continue;
        }
        let somebody = matches!(node.of, NodeRef::Member(_)) || node.carrier.is_some();
        if somebody && node.level != UNASSIGNED {
            carried.carriers += 1;
        } else {
            carried.nobody.push(node.name.clone());
        }
    }
    carried
}
