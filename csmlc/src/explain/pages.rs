//! The pages by code. A new page stands in `pages/` and, with its code, here.

macro_rules! pages {
    ($($code:ident)*) => {
        &[$((stringify!($code), include_str!(concat!("pages/", stringify!($code), ".md")))),*]
    };
}

/// Code and text of every page, in order of code.
pub(super) const PAGES: &[(&str, &str)] = pages! {
    CSML0201
    CSML0202
    CSML0203
    CSML0204
    CSML0205
    CSML0206
    CSML0207
    CSML0208
    CSML0209
    CSML0301
    CSML0302
    CSML0303
    CSML0304
    CSML0305
    CSML0306
    CSML0307
    CSML0308
    CSML0309
    CSML0310
    CSML0311
    CSML0312
    CSML0401
    CSML0402
    CSML0403
    CSML0404
    CSML0405
    CSML0406
    CSML0410
    CSML0411
    CSML0412
    CSML0413
    CSML0414
    CSML0415
    CSML0440
    CSML0501
    CSML0502
    CSML0503
    CSML0504
    CSML0505
    CSML0506
    CSML0507
    CSML0508
    CSML0509
    CSML0510
    CSML0511
    CSML0512
    CSML0513
    CSML0514
    CSML0515
    CSML0602
};
