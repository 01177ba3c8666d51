//! The commands that change a plan.

use serde::{Deserialize, Serialize};

use super::{BasisWeights, Deltas, Entered, Factor, NodeIndex, OwnWeights, PeriodIndex, Proposal, Step};
use crate::id::UserId;
use crate::money::Minor;
use crate::staffing::Kind;

/// What stays when one amount changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// The node's total: its other periods give, and the ancestors' periods follow. For a period cell.
    Row,
    /// The parent's period: the siblings (or the hedge) give. For a total.
    Column,
    /// Both: other siblings' other periods give, so that every total stays.
    Both,
    /// Nothing: the ancestors follow.
    None,
}

impl Keep {
    /// The default: a total keeps its column, a period cell its row.
    pub fn default_for(period: Option<PeriodIndex>) -> Self {
        if period.is_some() { Self::Row } else { Self::Column }
    }
}

/// Who gives when a node takes (and takes when it gives), within a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Give {
    /// The siblings, in proportion to what they have. Where the column is not kept, the ancestors.
    #[default]
    Siblings,
    /// The ancestors up to the root, whatever is to be kept of the column.
    ParentGrows,
    /// The parent's hedge.
    Hedge,
}

/// What gives way to amounts that are entered at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GiveWay {
    /// Everything above each amount is the sum.
    #[default]
    Above,
    /// The siblings of each amount's row, as in a drag that keeps the column: their parent stays as it is.
    Siblings,
}

impl GiveWay {
    /// Both, the one that is proposed first.
    pub const ALL: [Self; 2] = [Self::Siblings, Self::Above];

    /// The name by which it travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::Siblings => "siblings",
        }
    }

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde asks with a reference whether to leave it out"
    )]
    fn is_above(&self) -> bool {
        *self == Self::Above
    }
}

/// How far a split reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spread {
    /// Every level below.
    #[default]
    Subtree,
    /// The children by the weights; whatever lies below them follows in its present proportions.
    Children,
}

/// Whether something is taken back or done again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// Taken back.
    Undo,
    /// Done again.
    Redo,
}

/// A change of a plan. `period: None` means the total over all periods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "command")]
pub enum PlanCommand {
    /// Sets one amount; everything else gives way as `keep` and `give` say, in proportion and within bounds.
    Set {
        /// The row.
        node: NodeIndex,
        /// The period, or the total.
        period: Option<PeriodIndex>,
        /// The amount it gets.
        amount: Minor,
        /// What stays.
        keep: Keep,
        /// Who gives.
        #[serde(default)]
        give: Give,
        /// Why, in the words of who did it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Sets what neighbouring periods of a row have together, as the months of a quarter: shared in their present proportions, those
    /// that are held apart; everything else gives way as in [`Self::Set`] of one of them.
    SetSpan {
        /// The row.
        node: NodeIndex,
        /// The first of the periods.
        first: PeriodIndex,
        /// How many there are.
        periods: u16,
        /// What they get together.
        amount: Minor,
        /// What stays.
        keep: Keep,
        /// Who gives.
        #[serde(default)]
        give: Give,
        /// Why, in the words of who did it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Splits what a node has over the nodes below by a blend of bases.
    Split {
        /// The node whose amount is split; it stays.
        node: NodeIndex,
        /// How far down.
        #[serde(default)]
        spread: Spread,
        /// The bases.
        bases: Vec<BasisWeights>,
        /// What makes weights differ by period, sparse: nodes without one count fully in every period. Worked out and
        /// quantised once by the server, as the weights.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        factors: Vec<Factor>,
        /// Branches below that keep weights of their own; the factors count in them too.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        own: Vec<OwnWeights>,
        /// What was proposed from below and is kept; the rest is spread.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        proposals: Vec<Proposal>,
        /// The over-assignment of each level in millionths, from the split node down: its children are to sum to
        /// its amount and this much more, and so on; levels beyond the list get none. Empty: the hedges stay as they are.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        uplift_ppm: Vec<u32>,
        /// Amounts become multiples of this where bounds allow; 1 for the last minor unit.
        #[serde(default = "one")]
        step: Minor,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Sets the total of the whole plan; everything below follows in proportion.
    SetTotal {
        /// The total.
        amount: Minor,
        /// One weight a period (the season); empty to keep the present proportions, or equal where there are none.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        seasons: Vec<u64>,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Holds an amount where it is.
    Lock {
        /// The row.
        node: NodeIndex,
        /// The period, or the total.
        period: Option<PeriodIndex>,
        /// Who signs.
        by: UserId,
    },
    /// Releases a lock.
    Unlock {
        /// The row.
        node: NodeIndex,
        /// The period, or the total.
        period: Option<PeriodIndex>,
    },
    /// Sets or (with `None`) removes a floor.
    Floor {
        /// The row.
        node: NodeIndex,
        /// The period, or the total.
        period: Option<PeriodIndex>,
        /// Not less than this.
        amount: Option<Minor>,
    },
    /// Sets or (with `None`) removes a cap.
    Cap {
        /// The row.
        node: NodeIndex,
        /// The period, or the total.
        period: Option<PeriodIndex>,
        /// Not more than this.
        amount: Option<Minor>,
    },
    /// Makes the children of a node equal in every period, within their bounds.
    EvenOut {
        /// The parent.
        node: NodeIndex,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Moves an amount from one node to another; their ancestors follow up to the common one, nobody else changes.
    Move {
        /// Who gives.
        from: NodeIndex,
        /// Who gets.
        to: NodeIndex,
        /// In which period; with `None` over all, in proportion to what the giver has.
        period: Option<PeriodIndex>,
        /// How much, positive.
        amount: Minor,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Moves a share of what a node has to another.
    SendShare {
        /// Who gives.
        from: NodeIndex,
        /// Who gets.
        to: NodeIndex,
        /// In which period, or over all.
        period: Option<PeriodIndex>,
        /// The share in millionths, rounded down to the minor unit.
        share_ppm: u32,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Enters many amounts at once, as a sheet brings them. None covers another; what lies below each follows in proportion,
    /// everything above is the sum or stays, as `gives` says.
    Enter {
        /// The amounts.
        amounts: Vec<Entered>,
        /// What gives way. Left out where it is what is above, as in commands from before there was a choice.
        #[serde(default, skip_serializing_if = "GiveWay::is_above")]
        gives: GiveWay,
        /// Why: where they come from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Enters all that a change of staff comes to, as one step: the amounts as [`Self::Enter`] does, and a cap of zero where
    /// nobody is there any more. Written together with the change of people, and never sent as such.
    Staff {
        /// What happened.
        change: Kind,
        /// The amounts.
        amounts: Vec<Entered>,
        /// Rows and periods in which nobody is there; nothing is left in them once the amounts are entered.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        absent: Vec<(NodeIndex, PeriodIndex)>,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Sets by how much the levels are over-assigned; everybody keeps their proportion among their siblings, in every period.
    OverAssign {
        /// The node whose amount stays.
        node: NodeIndex,
        /// The over-assignment of each level in millionths, from the node down: its children are to sum to its amount and this
        /// much more, and so on; levels beyond the list get none.
        uplift_ppm: Vec<u32>,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Several steps made as one, all or none: what a refusal needs, and what was refused.
    Steps {
        /// The steps, each decided on what the one before leaves.
        steps: Vec<Step>,
    },
    /// Puts back what a command changed (undo) or what its undo put back (redo); made by [`super::Log`].
    Restore {
        /// The sequence number of the command that is taken back or done again.
        of: u64,
        /// Which of the two.
        intent: Intent,
        /// Exactly the changes to make.
        deltas: Deltas,
    },
}

impl PlanCommand {
    /// The rows and periods it names; those that only give way are not among them. What puts changes back names none.
    pub fn named(&self) -> Vec<(NodeIndex, Option<PeriodIndex>)> {
        match self {
            Self::Set { node, period, .. }
            | Self::Lock { node, period, .. }
            | Self::Unlock { node, period }
            | Self::Floor { node, period, .. }
            | Self::Cap { node, period, .. } => vec![(*node, *period)],
            Self::SetSpan {
                node, first, periods, ..
            } => {
                let of_row = |period| (*node, Some(PeriodIndex(period)));
                (first.0..first.0.saturating_add(*periods)).map(of_row).collect()
            }
            Self::Split { node, proposals, .. } => {
                let proposed = proposals.iter().map(|proposal| (proposal.node, proposal.period));
                std::iter::once((*node, None)).chain(proposed).collect()
            }
            Self::EvenOut { node, .. } | Self::OverAssign { node, .. } => vec![(*node, None)],
            Self::Steps { steps } => steps.iter().map(Step::place).collect(),
            Self::SetTotal { .. } => vec![(NodeIndex(0), None)],
            Self::Move { from, to, period, .. } | Self::SendShare { from, to, period, .. } => {
                vec![(*from, *period), (*to, *period)]
            }
            Self::Enter { amounts, .. } | Self::Staff { amounts, .. } => amounts
                .iter()
                .map(|entered| (entered.node, entered.period))
                .collect(),
            Self::Restore { .. } => Vec::new(),
        }
    }

    /// The reason given, if any.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Set { reason, .. }
            | Self::SetSpan { reason, .. }
            | Self::Split { reason, .. }
            | Self::SetTotal { reason, .. }
            | Self::EvenOut { reason, .. }
            | Self::OverAssign { reason, .. }
            | Self::Enter { reason, .. }
            | Self::Staff { reason, .. }
            | Self::Move { reason, .. }
            | Self::SendShare { reason, .. } => reason.as_deref(),
            _ => None,
        }
    }

    /// The same with a reason, where none was given and the command has room for one.
    #[must_use]
    pub fn because(mut self, why: &str) -> Self {
        match &mut self {
            Self::Set { reason, .. }
            | Self::SetSpan { reason, .. }
            | Self::Split { reason, .. }
            | Self::SetTotal { reason, .. }
            | Self::EvenOut { reason, .. }
            | Self::OverAssign { reason, .. }
            | Self::Enter { reason, .. }
            | Self::Staff { reason, .. }
            | Self::Move { reason, .. }
            | Self::SendShare { reason, .. } => {
                reason.get_or_insert_with(|| why.to_owned());
            }
            Self::Lock { .. }
            | Self::Unlock { .. }
            | Self::Floor { .. }
            | Self::Cap { .. }
            | Self::Steps { .. }
            | Self::Restore { .. } => {}
        }
        self
    }
}

fn one() -> Minor {
    Minor(1)
}
