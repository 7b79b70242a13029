//! Tests of the inbox.

use std::future::poll_fn;

use bytes::Bytes;

use super::*;

fn message(number: u8) -> Message {
    Message { topic: "a".to_owned(), payload: Bytes::from(vec![number]), ..Message::default() }
}

fn inbox(capacity: usize) -> (ReceiveQueue, mpsc::Receiver<TransportEvent>) {
    let (sender, receiver) = mpsc::channel(capacity);
    let mut inbox = ReceiveQueue::new(sender, capacity);
    inbox.connected(false);
    (inbox, receiver)
}

fn receipt(report: TransportEvent) -> Receipt {
    match report {
        TransportEvent::Message(_, Some(receipt)) => receipt,
        other => panic!("{other:?}"),
    }
}

/// What the reader gets, each report in a word.
fn drain(inbox: &mut ReceiveQueue, receiver: &mut mpsc::Receiver<TransportEvent>) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut reports = Vec::new();
    loop {
        while let Ok(report) = receiver.try_recv() {
            reports.push(match report {
                TransportEvent::Up => "up".to_owned(),
                TransportEvent::Down { reason } => format!("down {reason}"),
                TransportEvent::Message(message, _) => format!("message {}", message.payload[0]),
                TransportEvent::Refused { count, .. } => format!("refused {count}"),
                TransportEvent::Failed { reason } => format!("failed {reason}"),
            });
        }
        let done = runtime.block_on(poll_fn(|context| Poll::Ready(inbox.poll_flush(context).is_ready())));
        if done && receiver.is_empty() {
            return reports;
        }
    }
}

#[test]
fn a_receipt_confirms_once() {
    let (mut inbox, mut receiver) = inbox(4);
    inbox.arrived(message(1), 7);
    let receipt = receipt(receiver.try_recv().unwrap());
    assert_eq!(inbox.confirm(receipt), Some(7));
    assert_eq!(inbox.confirm(receipt), None);
}

#[test]
fn a_receipt_of_an_earlier_connection_confirms_nothing() {
    let (mut inbox, mut receiver) = inbox(4);
    inbox.arrived(message(1), 7);
    let early = receipt(receiver.try_recv().unwrap());
    inbox.disconnected();
    assert_eq!(inbox.confirm(early), None);
    inbox.connected(true);
    inbox.arrived(message(2), 7);
    assert_eq!(inbox.confirm(early), None);
    assert_eq!(inbox.confirm(receipt(receiver.try_recv().unwrap())), Some(7));
}

#[test]
fn messages_to_be_confirmed_wait_and_keep_their_order() {
    let (mut inbox, mut receiver) = inbox(2);
    for number in 1..=5 {
        inbox.arrived(message(number), u16::from(number));
    }
    assert!(inbox.is_full());
    let reports = drain(&mut inbox, &mut receiver);
    assert_eq!(reports, ["message 1", "message 2", "message 3", "message 4", "message 5"]);
    assert!(!inbox.is_full());
}

#[test]
fn messages_without_a_receipt_are_refused_when_there_is_no_room() {
    let (mut inbox, mut receiver) = inbox(2);
    for number in 1..=5 {
        inbox.arrived(message(number), 0);
    }
    assert_eq!(drain(&mut inbox, &mut receiver), ["message 1", "message 2", "refused 3"]);
}

#[test]
fn what_the_broker_sends_again_does_not_wait_twice() {
    let (mut inbox, mut receiver) = inbox(1);
    inbox.arrived(message(1), 1);
    inbox.arrived(message(2), 2);
    inbox.down("gone".to_owned());
    inbox.connected(true);
    inbox.up();
    inbox.arrived(message(1), 1);
    inbox.arrived(message(2), 2);
    let reports = drain(&mut inbox, &mut receiver);
    assert_eq!(reports, ["message 1", "down gone", "up", "message 1", "message 2"]);
}

#[test]
fn without_a_session_what_waits_stays() {
    let (mut inbox, mut receiver) = inbox(1);
    inbox.arrived(message(1), 1);
    inbox.arrived(message(2), 2);
    inbox.connected(false);
    assert_eq!(drain(&mut inbox, &mut receiver), ["message 1", "message 2"]);
}

#[test]
fn reports_that_nobody_reads_do_not_pile_up() {
    let (mut inbox, mut receiver) = inbox(1);
    inbox.arrived(message(1), 1);
    for number in 0..1_000 {
        inbox.up();
        inbox.arrived(message(2), 0);
        inbox.refused(1, &format!("reason {number}"));
        inbox.down(format!("reason {number}"));
    }
    assert!(inbox.waiting.len() < 10, "{:?}", inbox.waiting);
    let reports = drain(&mut inbox, &mut receiver);
    assert_eq!(reports.last().unwrap(), "down reason 999");
}

#[test]
fn without_a_reader_nothing_is_kept() {
    let (mut inbox, receiver) = inbox(1);
    inbox.arrived(message(1), 1);
    inbox.arrived(message(2), 2);
    drop(receiver);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(poll_fn(|context| inbox.poll_flush(context)));
    assert!(inbox.waiting.is_empty());
}
