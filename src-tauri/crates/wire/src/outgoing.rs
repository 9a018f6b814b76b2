//! What a desk sends next, and what the hub's answer means for what comes after: the decisions of a desk's push as
//! functions of what it holds.

use domain::digest::ByteString;
use uuid::Uuid;

use crate::WIRE_SCHEMA;
use crate::message::{PushAnswer, PushOutcome, PushRequest};

/// One link of a chain on its way to the hub.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// Which incarnation.
    pub incarnation: u32,
    /// Its number in the chain.
    pub seq: u64,
    /// The number it once had in the hub's stream.
    pub position: Option<i64>,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// What an answer to a push means for what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acknowledged {
    /// Go on.
    Taken,
    /// The hub has less than it acknowledged before.
    Behind,
    /// Another desk goes by this one's name: go on as this incarnation.
    Fork(u32),
}

/// The next run of one chain to bring to the hub: what the hub once had in its order, then own work, then what was
/// carried in. `own` and `relayed` each come in the order they are to go out.
pub fn next_push(
    device: Uuid,
    own: Vec<Outgoing>,
    relayed: Vec<(Uuid, Outgoing)>,
    bytes: usize,
) -> Option<PushRequest> {
    let own_first = own.first().map(|first| first.position.unwrap_or(i64::MAX));
    let other_first = relayed.first().map(|(_, first)| first.position.unwrap_or(i64::MAX));
    let (chain, run, until) = match (own_first, other_first) {
        (None, None) => return None,
        (Some(at), other) if other.is_none_or(|other| at <= other) => (device, own, other),
        (until, _) => {
            let chain = relayed.first().map(|(chain, _)| *chain).unwrap_or_default();
            let run = relayed.into_iter().take_while(|(of, _)| *of == chain).map(|(_, link)| link);
            (chain, run.collect(), until)
        }
    };
    request(chain, run, until, bytes)
}

/// The longest run of one chain from the front, within the size, and before what comes first elsewhere.
fn request(chain: Uuid, run: Vec<Outgoing>, until: Option<i64>, bytes: usize) -> Option<PushRequest> {
    let first = run.first()?;
    let (incarnation, from_seq) = (first.incarnation, first.seq);
    let mut size = 0;
    let mut operations = Vec::new();
    for (link, seq) in run.into_iter().zip(from_seq..) {
        let later = until.is_some_and(|until| link.position.unwrap_or(i64::MAX) > until);
        size += link.body.len();
        if link.incarnation != incarnation || link.seq != seq || later {
            break;
        }
        if size > bytes && !operations.is_empty() {
            break;
        }
        operations.push(ByteString(link.body));
    }
    let (schema, certificate) = (WIRE_SCHEMA, None);
    Some(PushRequest { schema, device: chain, incarnation, from_seq, operations, certificate })
}

/// Up to which number, itself not included, the hub has what was pushed. It may expect a later one: its own operations
/// under the numbers between were not compared with those here, and may be a double's.
pub fn shown(request: &PushRequest, answer: &PushAnswer) -> u64 {
    answer.expected.min(request.from_seq + request.operations.len() as u64)
}

/// What the hub's answer about an own chain means. `ahead` says whether it had acknowledged or handed out more of it
/// before, `has_expected` whether what it expects next is here.
pub fn acknowledged(answer: &PushAnswer, incarnation: u32, ahead: bool, has_expected: bool) -> Acknowledged {
    match answer.outcome {
        PushOutcome::Fork { incarnation } => Acknowledged::Fork(incarnation),
        PushOutcome::Taken | PushOutcome::Gap if ahead => Acknowledged::Behind,
        // What the hub wants next is lost here too: this chain can never go on.
        PushOutcome::Gap if !has_expected => Acknowledged::Fork(incarnation + 1),
        PushOutcome::Taken | PushOutcome::Gap => Acknowledged::Taken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_double_brought_is_not_taken_for_what_was_pushed() {
        let request = PushRequest {
            schema: WIRE_SCHEMA,
            device: Uuid::nil(),
            incarnation: 1,
            from_seq: 5,
            operations: vec![ByteString::default(); 3],
            certificate: None,
        };
        let said = |expected| PushAnswer {
            schema: WIRE_SCHEMA,
            epoch: Uuid::nil(),
            outcome: PushOutcome::Taken,
            expected,
            parked: Vec::new(),
        };
        assert_eq!(shown(&request, &said(31)), 8, "its own 8 to 30 may be others than those here");
        assert_eq!(shown(&request, &said(8)), 8);
        assert_eq!(shown(&request, &said(6)), 6);
    }
}
