namespace Chartroom.Shell;

/// <summary>What a colour says. It never says it alone: a word or an icon stands beside it.</summary>
public enum Tone
{
    /// <summary>Nothing to note.</summary>
    Neutral,
    /// <summary>For information, or under way.</summary>
    Info,
    /// <summary>Done, in order.</summary>
    Good,
    /// <summary>Somebody should look.</summary>
    Warn,
    /// <summary>Wrong or dangerous.</summary>
    Bad,
}

internal static class ToneLook
{
    internal static string Css(this Tone tone) => "tone-" + tone.ToString().ToLowerInvariant();

    internal static string Icon(this Tone tone) => tone switch
    {
        Tone.Good => "circle-check",
        Tone.Warn or Tone.Bad => "alert-triangle",
        _ => "info-circle",
    };
}
