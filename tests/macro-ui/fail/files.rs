// The message contains the position in the file and its line; rustc underlines the path.
csml_rt::csml!("descriptions/errors.csml");
csml_rt::csml!("descriptions/truncated.csml", mod = truncated);
csml_rt::csml!("descriptions/latin1.csml", mod = latin1);
csml_rt::csml!("descriptions/missing.csml", mod = missing);
csml_rt::csml!("descriptions", mod = folder);
csml_rt::csml!("", mod = empty);

// No errors more: the modules are there.
use errors::App as _;
use missing::State as _;

fn main() {}
