//! Whose differences make the difference, over a tree.

use serde::{Deserialize, Serialize};

use super::draft::{Draft, Parts};
use super::{Bridge, BridgeError, Level, Method, StepKind};
use crate::money::{Currency, Fact};

/// A node with its own numbers, without those of the nodes below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// What it is looked up by.
    pub key: String,
    /// The position of its parent, which stands before it; `None` for a root.
    pub parent: Option<usize>,
    /// Own number where the bridge begins: the target, or the period before.
    pub from: Fact,
    /// Own number where it ends.
    pub to: Fact,
}

/// The difference of everything at and below the node `at`, by the nodes `depth` levels below it (own numbers of nodes
/// above that level stand for themselves): the `top` largest differences each as a step, the rest as "other". The parts
/// of a step are the nodes that have the numbers, those of "other" the nodes that would have been steps.
///
/// A large difference in one node may hide two in the level below that cancel: look deeper, or again at a step's node.
pub fn contributions(
    level: &str,
    nodes: &[Node],
    at: usize,
    depth: usize,
    top: usize,
    currency: &Currency,
) -> Result<Bridge, BridgeError> {
    let mut bars = bars(nodes, at, depth)?;
    bars.sort_by(|a, b| {
        b.difference
            .abs()
            .cmp(&a.difference.abs())
            .then(a.node.cmp(&b.node))
    });
    let mut draft = Draft {
        method: Method::Contributions,
        level: Level {
            name: level.to_owned(),
            ..Level::default()
        },
        from: bars.iter().map(|bar| bar.from).sum(),
        to: bars.iter().map(|bar| bar.from + bar.difference).sum(),
        steps: Vec::new(),
    };
    for bar in &bars {
        match (bar.from == 0, bar.from + bar.difference == 0) {
            (true, true) => {}
            (true, false) => draft.level.after += 1,
            (false, true) => draft.level.before += 1,
            (false, false) => draft.level.both += 1,
        }
    }
    let others = bars.split_off(top.min(bars.len()));
    // Not `add`: two nodes may have the same key.
    draft.steps = bars
        .into_iter()
        .map(|bar| {
            let key = nodes[bar.node].key.clone();
            (StepKind::Contributor { key }, bar.parts)
        })
        .collect();
    let others = others
        .into_iter()
        .map(|bar| (nodes[bar.node].key.clone(), bar.difference));
    draft.add_if_any(StepKind::Other, others.collect());
    draft.finish(currency)
}

/// What may become a step.
struct Bar {
    node: usize,
    from: i128,
    difference: i128,
    parts: Parts,
}

/// The bars under a node; without those in which there never was anything.
fn bars(nodes: &[Node], at: usize, depth: usize) -> Result<Vec<Bar>, BridgeError> {
    if at >= nodes.len() {
        return Err(BridgeError::Tree { node: at });
    }
    // Levels below `at` and the bar that a node belongs to; `None` outside of the subtree.
    let mut places: Vec<Option<(usize, usize)>> = Vec::with_capacity(nodes.len());
    let mut bars: Vec<Bar> = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        let above = match node.parent {
            None => None,
            Some(parent) => *places.get(parent).ok_or(BridgeError::Tree { node: index })?,
        };
        let place = match above {
            _ if index == at => Some((0, bars.len())),
            None => None,
            Some((level, bar)) if level >= depth => Some((level, bar)),
            Some((level, _)) => Some((level + 1, bars.len())),
        };
        places.push(place);
        let Some((_, bar)) = place else { continue };
        if bar == bars.len() {
            bars.push(Bar {
                node: index,
                from: 0,
                difference: 0,
                parts: Parts::new(),
            });
        }
        let difference = i128::from(node.to.0) - i128::from(node.from.0);
        bars[bar].from += i128::from(node.from.0);
        bars[bar].difference += difference;
        bars[bar].parts.push((node.key.clone(), difference));
    }
    bars.retain(|bar| bar.from != 0 || bar.parts.iter().any(|(_, difference)| *difference != 0));
    Ok(bars)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Minor;

    fn node(key: &str, parent: Option<usize>, from: i64, to: i64) -> Node {
        Node {
            key: key.to_owned(),
            parent,
            from: Fact(from * 10_000),
            to: Fact(to * 10_000),
        }
    }

    #[test]
    fn the_largest_by_name_and_the_rest_as_other() {
        let tree = [
            node("company", None, 10, 0),
            node("north", Some(0), 0, 0),
            node("south", Some(0), 5, 8),
            node("anna", Some(1), 100, 150),
            node("ben", Some(1), 100, 30),
            node("cleo", Some(2), 40, 40),
            node("dan", Some(2), 40, 60),
            node("elsewhere", None, 7, 70),
        ];
        let cny = Currency::from_code("CNY").unwrap();
        let bars = |at, depth, top| -> Vec<(StepKind, i64)> {
            let bridge = contributions("person", &tree, at, depth, top, &cny).unwrap();
            let steps = bridge.steps().iter();
            steps
                .map(|step| (step.kind.clone(), step.amount.0 / 100))
                .collect()
        };
        let named = |key: &str| StepKind::Contributor { key: key.to_owned() };
        assert_eq!(
            bars(0, 1, 2),
            [
                (named("south"), 23),
                (named("north"), -20),
                (StepKind::Other, -10)
            ]
        );
        assert_eq!(
            bars(0, usize::MAX, 2),
            [(named("ben"), -70), (named("anna"), 50), (StepKind::Other, 13)]
        );
        assert_eq!(bars(1, 1, 9), [(named("ben"), -70), (named("anna"), 50)]);
        assert_eq!(bars(0, 0, 1), [(named("company"), -7)]);
        let south = &contributions("person", &tree, 0, 1, 1, &cny).unwrap().steps()[0]
            .parts
            .clone();
        let parts: Vec<(&str, Minor)> = south
            .iter()
            .map(|part| (part.key.as_str(), part.amount))
            .collect();
        assert_eq!(parts, [("dan", Minor(2_000)), ("south", Minor(300))]);
    }

    #[test]
    fn a_parent_stands_before_its_children() {
        let cny = Currency::from_code("CNY").unwrap();
        let circle = [node("a", Some(1), 0, 1), node("b", Some(0), 0, 1)];
        assert_eq!(
            contributions("person", &circle, 0, 1, 1, &cny),
            Err(BridgeError::Tree { node: 0 })
        );
        assert_eq!(
            contributions("person", &[], 0, 1, 1, &cny),
            Err(BridgeError::Tree { node: 0 })
        );
    }
}
