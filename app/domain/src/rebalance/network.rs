//! A flow with bounds: what is out of bounds is led round another way, or the most that can be led between two points.
//!
//! Blocking flows along shortest ways (Dinic 1970); what is out of bounds becomes supply and demand (Hoffman 1960). Amounts
//! stay whole. Of several ways the one added first is taken, so the outcome depends on the order of adding alone.

/// No arc.
const NONE: u32 = u32::MAX;

/// An amount that flows, within bounds.
struct Arc {
    flow: i64,
    lo: i64,
    hi: i64,
}

/// Vertices and the arcs between them. Half-arc `2i` leads along arc `i`, `2i + 1` against it.
#[derive(Default)]
pub(super) struct Network {
    arcs: Vec<Arc>,
    /// Where each half-arc leads.
    heads: Vec<u32>,
    /// The half-arc that leaves the same vertex after it.
    next: Vec<u32>,
    /// By vertex: the first and the last half-arc that leave it.
    first: Vec<u32>,
    last: Vec<u32>,
    /// By vertex, while searching: steps from the start, and the half-arc to try next.
    level: Vec<u32>,
    at: Vec<u32>,
}

impl Network {
    /// A new vertex.
    pub(super) fn vertex(&mut self) -> u32 {
        self.first.push(NONE);
        self.last.push(NONE);
        self.first.len() as u32 - 1
    }

    /// A new arc with what flows along it now.
    pub(super) fn arc(&mut self, from: u32, to: u32, flow: i64, (lo, hi): (i64, i64)) -> usize {
        self.arcs.push(Arc { flow, lo, hi });
        for (tail, head) in [(from, to), (to, from)] {
            let half = self.heads.len() as u32;
            self.heads.push(head);
            self.next.push(NONE);
            match self.last[tail as usize] {
                NONE => self.first[tail as usize] = half,
                last => self.next[last as usize] = half,
            }
            self.last[tail as usize] = half;
        }
        self.arcs.len() - 1
    }

    /// What flows along an arc.
    pub(super) fn flow(&self, arc: usize) -> i64 {
        self.arcs[arc].flow
    }

    /// Brings every arc within its bounds, leaving all others as they are as far as that goes; `false` where it cannot be.
    pub(super) fn repair(&mut self) -> bool {
        let (source, sink) = (self.vertex(), self.vertex());
        let mut broken = 0;
        for arc in 0..self.arcs.len() {
            let Arc { flow, lo, hi } = self.arcs[arc];
            let within = flow.clamp(lo, hi);
            if lo > hi {
                return false;
            }
            if within == flow {
                continue;
            }
            self.arcs[arc].flow = within;
            let (tail, head) = (self.heads[2 * arc + 1], self.heads[2 * arc]);
            let (surplus, lack) = if flow > within { (tail, head) } else { (head, tail) };
            let amount = (flow - within).abs();
            self.arc(source, surplus, 0, (0, amount));
            self.arc(lack, sink, 0, (0, amount));
            broken += amount;
        }
        self.push(source, sink, broken) == broken
    }

    /// Leads as much as possible, at most `most`, from one vertex to another; how much that is.
    pub(super) fn push(&mut self, from: u32, to: u32, most: i64) -> i64 {
        let mut pushed = 0;
        while pushed < most && self.reaches(from, to) {
            self.at.clone_from(&self.first);
            pushed += self.push_shortest(from, to, most - pushed);
        }
        pushed
    }

    fn room(&self, half: u32) -> i64 {
        let arc = &self.arcs[half as usize / 2];
        if half & 1 == 0 {
            arc.hi - arc.flow
        } else {
            arc.flow - arc.lo
        }
    }

    /// Numbers the vertices by their distance from the start; whether the end is among them.
    fn reaches(&mut self, from: u32, to: u32) -> bool {
        self.level.clear();
        self.level.resize(self.first.len(), NONE);
        self.level[from as usize] = 0;
        let mut queue = std::collections::VecDeque::from([from]);
        while let Some(vertex) = queue.pop_front() {
            let mut half = self.first[vertex as usize];
            while half != NONE {
                let head = self.heads[half as usize];
                if self.level[head as usize] == NONE && self.room(half) > 0 {
                    self.level[head as usize] = self.level[vertex as usize] + 1;
                    queue.push_back(head);
                }
                half = self.next[half as usize];
            }
        }
        self.level[to as usize] != NONE
    }

    /// Fills the shortest ways.
    fn push_shortest(&mut self, from: u32, to: u32, most: i64) -> i64 {
        let mut pushed = 0;
        let mut path: Vec<u32> = Vec::new();
        let mut vertex = from;
        loop {
            if vertex == to {
                let narrowest = path.iter().map(|half| self.room(*half)).min();
                let amount = narrowest.unwrap_or(0).min(most - pushed);
                for half in &path {
                    self.arcs[*half as usize / 2].flow += if half & 1 == 0 { amount } else { -amount };
                }
                pushed += amount;
                if pushed == most {
                    return pushed;
                }
                let full = path.iter().position(|half| self.room(*half) == 0).unwrap_or(0);
                vertex = self.heads[path[full] as usize ^ 1];
                path.truncate(full);
                continue;
            }
            let half = self.at[vertex as usize];
            if half == NONE {
                let Some(back) = path.pop() else { return pushed };
                vertex = self.heads[back as usize ^ 1];
                self.at[vertex as usize] = self.next[back as usize];
                continue;
            }
            let head = self.heads[half as usize];
            if self.room(half) > 0 && self.level[head as usize] == self.level[vertex as usize] + 1 {
                path.push(half);
                vertex = head;
            } else {
                self.at[vertex as usize] = self.next[half as usize];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_that_flows_is_the_narrowest_cut() {
        let mut network = Network::default();
        let [from, a, b, to] = std::array::from_fn(|_| network.vertex());
        network.arc(from, a, 0, (0, 3));
        network.arc(from, b, 0, (0, 2));
        let across = network.arc(a, b, 0, (0, 5));
        network.arc(a, to, 0, (0, 2));
        network.arc(b, to, 0, (0, 4));
        assert_eq!(network.push(from, to, 100), 5);
        assert_eq!(network.flow(across), 1);
    }

    #[test]
    fn what_is_out_of_bounds_goes_another_way_or_nowhere() {
        for (most, possible) in [(4, true), (1, false)] {
            let mut network = Network::default();
            let [a, b] = std::array::from_fn(|_| network.vertex());
            network.arc(a, b, 5, (0, 2));
            let other = network.arc(a, b, 0, (0, most));
            network.arc(b, a, 5, (5, 5));
            assert_eq!(network.repair(), possible);
            assert_eq!(network.flow(other), most.min(3));
        }
    }
}
