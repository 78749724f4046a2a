//! The reasons.

use crate::cookie::Rule;

/// Why a prediction is what it is. The words, and the source of each, are the page's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Because {
    /// A rule about cookies.
    Rule(Rule),
    /// A cookie that the browser does not keep cannot go along.
    NotKept(Rule),
    /// A cookie is kept unless it is over already, or lacks what its name and attributes ask for.
    KeptWhenValid,
    /// Scripts see it unless it is HttpOnly, on pages below its path.
    ShownBelowPath,
    /// It goes along with what its own page asks for below its path.
    SentBelowPath,
    /// With what another site causes it goes along as its `SameSite` says.
    EachByItsSameSite,
    /// The guestbook's policy lets no foreign script run.
    CspBlocks,
    /// Every script of the origin reads its localStorage; there is no flag against it.
    StorageIsOpen,
    /// There is nothing that could be used elsewhere.
    NothingTaken,
    /// Whoever has the credential is the visitor.
    BearerOfIt,
    /// A script of the origin may do whatever the page may.
    ScriptIsThePage,
    /// Only the page's own script attaches it.
    ScriptMustAttach,
    /// The server compares where a changing request comes from.
    OriginChecked,
    /// A cookie belongs to a host, whatever the port.
    PortsDoNotMatter,
    /// A cookie belongs to the host that set it.
    HostMatters,
    /// localStorage belongs to an origin, port included.
    StorageKnowsPorts,
    /// An id is always as short.
    IdStaysShort,
    /// This engine has no such limit.
    EngineHasNoWall,
    /// The row is gone, and with it the login.
    RowIsGone,
    /// Nobody can take a token back; it is good until `exp`.
    TokenLivesOn,
    /// The denylist names it.
    OnDenylist,
    /// The row says what is true now.
    RowSaysNow,
    /// The token says what was true when it was issued.
    TokenSaysThen,
    /// A server's memory goes with it.
    MemoryIsGone,
    /// All servers stopped at once, so nobody was left with a copy.
    AllAtOnce,
    /// The store goes on without the servers.
    StoreOutlives,
    /// The key is all that a server needs.
    TokenNeedsNoStore,
    /// It is not over yet.
    NotOverYet,
    /// At its limit it is over, not a second later.
    OverAtLimit,
    /// Each use pushes the idle limit on.
    IdlePushedOn,
    /// `exp` stands in the token and cannot move.
    ExpIsFixed,
    /// 128 random bits cannot be guessed.
    CannotBeGuessed,
    /// The signature covers every byte.
    SignatureCovers,
    /// An id is random, and says nothing.
    IdSaysNothing,
    /// A token is signed, not encrypted.
    SignedNotSealed,
    /// The key decides the algorithm, and it is never `none`.
    NoneIsRefused,
    /// Another key's signature is none.
    AnotherKey,
    /// `kid` chooses among known keys only.
    KidChoosesKnown,
    /// The ids lie in the store as they are.
    IdsInTheClear,
    /// The store has hashes, and a hash is no id.
    HashIsNoId,
    /// There are no rows to copy.
    NoRows,
    /// Whoever has the key signs for anyone.
    KeySignsAnything,
    /// A retired key verifies nothing any more.
    KeyIsRetired,
    /// The old key still verifies.
    OldKeyVerifies,
    /// No key has a part in it.
    NoKeyInvolved,
    /// Every login gets a new credential.
    NewAtLogin,
    /// The token names its user, and that is somebody else.
    TokenNamesItsUser,
    /// The state travels with each request.
    StateTravels,
    /// The state stays on the server.
    StateStays,
    /// Each request looks its session up.
    EachLooksUp,
    /// Verifying a signature looks nothing up.
    NothingToLookUp,
    /// Each request asks the denylist.
    EachAsksDenylist,
    /// A refresh token is changed for a new token.
    ChangedForNew,
    /// A refresh token that comes twice ends its whole family.
    FamilyEnds,
    /// The family of a refresh token is a row in the session store.
    RowPerFamily,
    /// A refresh reads the row, which says what is true now.
    RefreshReadsRow,
    /// Nothing in the second request says who sent the first.
    NothingComesAlong,
    /// A safe request changes nothing, however often it comes.
    SafeToRepeat,
    /// The server cannot know that it is the same purchase.
    LooksLikeTwo,
    /// The key says that it is the same one.
    KeySaysSame,
    /// It may be kept for a minute.
    FreshForAMinute,
    /// The `ETag` is still the same.
    EtagStillTrue,
    /// `no-store`: it is kept nowhere.
    KeptNowhere,
    /// Each request holds all that is needed to answer it.
    NeedsNoMemory,
    /// There is one server.
    OneServer,
    /// One server in so many knows the login.
    OneInN,
    /// The balancer's cookie leads back to the same server.
    LedBack,
    /// Every server has a copy.
    CopiesEverywhere,
    /// All servers ask the same store.
    OneStoreForAll,
    /// Every server has the key.
    EveryServerHasKey,
    /// The server took its memory along.
    ServerTookIt,
    /// Each change is sent to every other server.
    EachWriteIsSent,
    /// Nobody has to tell anybody.
    NothingToSend,
    /// What theory expects holds, within what chance allows.
    TheoryHolds,
    /// There is no cookie in it.
    NoCookie,
    /// A session has no use for a refresh token: it is looked up anyway.
    SessionNeedsNone,
}
