//! The board steps the generated machines.

use csml_tests_no_std::Board;

#[test]
fn a_train_lowers_the_gate_and_lights_the_lamp() {
    let mut board = Board::start().expect("it starts");
    assert_eq!(board.state(0), Some("selfTest"));
    assert!(board.fire().expect("the self-test ends"));
    assert_eq!(board.state(0), Some("clear"));

    board.train(true).expect("a train comes");
    assert_eq!(
        [0, 1, 2].map(|machine| board.state(machine)),
        [Some("guarded"), Some("lowering"), Some("red")]
    );
    assert!(board.fire().expect("the gate is down"));
    assert_eq!(board.state(1), Some("down"));
    assert_eq!(board.trains(), 1);

    board.train(false).expect("the train leaves");
    assert_eq!([0, 1, 2].map(|machine| board.state(machine)), [Some("clear"), Some("up"), Some("off")]);
    assert!(!board.fire().expect("nothing is pending"));
}
