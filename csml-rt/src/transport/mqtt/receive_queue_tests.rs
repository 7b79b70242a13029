//! Tests of the queue.

use std::future::poll_fn;

use bytes::Bytes;

use super::*;

fn message(number: u8) -> Message {
    Message { topic: "a".to_owned(), payload: Bytes::from(vec![number]), ..Message::default() }
}

fn queue(capacity: usize) -> (ReceiveQueue, mpsc::Receiver<TransportEvent>) {
    let (sender, receiver) = mpsc::channel(capacity);
    let mut queue = ReceiveQueue::new(sender, capacity);
    queue.connected(false);
    (queue, receiver)
}

fn receipt(event: TransportEvent) -> Receipt {
    match event {
        TransportEvent::Message(_, Some(receipt)) => receipt,
        other => panic!("{other:?}"),
    }
}

/// The events that the user gets, abbreviated.
fn drain(queue: &mut ReceiveQueue, receiver: &mut mpsc::Receiver<TransportEvent>) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut reports = Vec::new();
    loop {
        while let Ok(event) = receiver.try_recv() {
            reports.push(match event {
                TransportEvent::Up => "up".to_owned(),
                TransportEvent::Down { reason } => format!("down {reason}"),
                TransportEvent::Message(message, _) => format!("message {}", message.payload[0]),
                TransportEvent::Rejected { count, .. } => format!("rejected {count}"),
                TransportEvent::Failed { reason } => format!("failed {reason}"),
            });
        }
        let done = runtime.block_on(poll_fn(|context| Poll::Ready(queue.poll_flush(context).is_ready())));
        if done && receiver.is_empty() {
            return reports;
        }
    }
}

#[test]
fn a_receipt_confirms_once() {
    let (mut queue, mut receiver) = queue(4);
    queue.message(message(1), 7);
    let receipt = receipt(receiver.try_recv().unwrap());
    assert_eq!(queue.acknowledge(receipt), Some(7));
    assert_eq!(queue.acknowledge(receipt), None);
}

#[test]
fn a_receipt_of_an_earlier_connection_confirms_nothing() {
    let (mut queue, mut receiver) = queue(4);
    queue.message(message(1), 7);
    let early = receipt(receiver.try_recv().unwrap());
    queue.disconnected();
    assert_eq!(queue.acknowledge(early), None);
    queue.connected(true);
    queue.message(message(2), 7);
    assert_eq!(queue.acknowledge(early), None);
    assert_eq!(queue.acknowledge(receipt(receiver.try_recv().unwrap())), Some(7));
}

#[test]
fn messages_to_be_confirmed_wait_and_keep_their_order() {
    let (mut queue, mut receiver) = queue(2);
    for number in 1..=5 {
        queue.message(message(number), u16::from(number));
    }
    assert!(queue.is_full());
    let reports = drain(&mut queue, &mut receiver);
    assert_eq!(reports, ["message 1", "message 2", "message 3", "message 4", "message 5"]);
    assert!(!queue.is_full());
}

#[test]
fn messages_without_a_receipt_are_rejected_when_there_is_no_room() {
    let (mut queue, mut receiver) = queue(2);
    for number in 1..=5 {
        queue.message(message(number), 0);
    }
    assert_eq!(drain(&mut queue, &mut receiver), ["message 1", "message 2", "rejected 3"]);
}

#[test]
fn what_the_broker_sends_again_does_not_wait_twice() {
    let (mut queue, mut receiver) = queue(1);
    queue.message(message(1), 1);
    queue.message(message(2), 2);
    queue.down("gone".to_owned());
    queue.connected(true);
    queue.up();
    queue.message(message(1), 1);
    queue.message(message(2), 2);
    let reports = drain(&mut queue, &mut receiver);
    assert_eq!(reports, ["message 1", "down gone", "up", "message 1", "message 2"]);
}

#[test]
fn without_a_session_what_waits_stays() {
    let (mut queue, mut receiver) = queue(1);
    queue.message(message(1), 1);
    queue.message(message(2), 2);
    queue.connected(false);
    assert_eq!(drain(&mut queue, &mut receiver), ["message 1", "message 2"]);
}

#[test]
fn unread_events_do_not_accumulate() {
    let (mut queue, mut receiver) = queue(1);
    queue.message(message(1), 1);
    for number in 0..1_000 {
        queue.up();
        queue.message(message(2), 0);
        queue.rejected(1, &format!("reason {number}"));
        queue.down(format!("reason {number}"));
    }
    assert!(queue.waiting.len() < 10, "{:?}", queue.waiting);
    let reports = drain(&mut queue, &mut receiver);
    assert_eq!(reports.last().unwrap(), "down reason 999");
}

#[test]
fn without_a_reader_nothing_is_kept() {
    let (mut queue, receiver) = queue(1);
    queue.message(message(1), 1);
    queue.message(message(2), 2);
    drop(receiver);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(poll_fn(|context| queue.poll_flush(context)));
    assert!(queue.waiting.is_empty());
}
