namespace Chartroom.Scribe;

/// <summary>
/// What is asked before a visit is recorded. Everybody in the room is asked, wherever the clinic is: some states want everyone's consent, which ones is a matter of case law that changes, and asking
/// everyone is right in all of them (docs/decisions/0018).
/// </summary>
internal static class ConsentRules
{
    /// <summary>Version of what is read out; kept with each consent.</summary>
    public static string WordingOf(bool isOutside) => isOutside ? "1 outside" : "1";

    /// <summary>What is read out.</summary>
    /// <param name="isOutside">True where the voices leave for an outside model.</param>
    public static string WordsOf(bool isOutside) => $"{Words}{(isOutside ? " A service that our clinic has an agreement with turns it into text." : null)} You may say no, or stop it at any time, and your care stays the same. Does everybody here agree?";

    private const string Words = "I would like to record our conversation, so that my note says what we said. The recording is kept encrypted, is used for nothing but this note, and is destroyed when the note is signed, after a day at the latest.";
}
