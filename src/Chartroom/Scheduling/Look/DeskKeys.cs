namespace Chartroom.Scheduling;

/// <summary>Something that a single key does at the desk.</summary>
/// <param name="Name">As it is kept: the place (<c>calendar</c>, <c>board</c>, or <c>desk</c> for both) and the act.</param>
/// <param name="Words">What the key does, for people.</param>
/// <param name="Standard">The key until somebody chooses another.</param>
public sealed record DeskAct(string Name, string Words, string Standard)
{
    public static readonly DeskAct NewVisit = new("desk.new", "New visit", "n");
    public static readonly DeskAct Arrive = new("desk.arrive", "On a visit: arrive", "a");
    public static readonly DeskAct Room = new("desk.room", "On a visit: to a room", "r");
    public static readonly DeskAct Before = new("calendar.before", "The day, week or month before", "ArrowLeft");
    public static readonly DeskAct Today = new("calendar.today", "Today", "t");
    public static readonly DeskAct After = new("calendar.after", "The day, week or month after", "ArrowRight");
    public static readonly DeskAct Day = new("calendar.day", "Day view", "d");
    public static readonly DeskAct Week = new("calendar.week", "Week view", "w");
    public static readonly DeskAct Month = new("calendar.month", "Month view", "m");
    public static readonly DeskAct Display = new("calendar.display", "How the calendar is shown", "v");
    public static readonly DeskAct Confirm = new("calendar.confirm", "On a visit: confirm", "c");
    public static readonly DeskAct Move = new("calendar.move", "On a visit: move", "M");
    public static readonly DeskAct Cancel = new("calendar.cancel", "On a visit: cancel", "x");
    public static readonly DeskAct Down = new("board.down", "The next visit", "j");
    public static readonly DeskAct Up = new("board.up", "The visit before", "k");
    public static readonly DeskAct Start = new("board.start", "On a visit: start", "s");
    public static readonly DeskAct Checkout = new("board.checkout", "On a visit: ready to check out", "o");
    public static readonly DeskAct Complete = new("board.complete", "On a visit: complete", "x");
    public static readonly DeskAct Wall = new("board.wall", "Wall screen", "w");

    /// <summary>All of them, in the order in which they are listed.</summary>
    public static readonly IReadOnlyList<DeskAct> All =
    [
        NewVisit, Arrive, Room, Before, Today, After, Day, Week, Month, Display, Confirm, Move, Cancel, Down, Up, Start, Checkout, Complete, Wall,
    ];

    /// <summary><c>calendar</c>, <c>board</c>, or <c>desk</c> for both.</summary>
    public string Place => Name[..Name.IndexOf('.', StringComparison.Ordinal)];

    /// <summary>Whether one key cannot do both.</summary>
    public bool Meets(DeskAct other) => Place == other.Place || Place == "desk" || other.Place == "desk";

    /// <summary>The act of that name, or null.</summary>
    public static DeskAct? Named(string name) => All.FirstOrDefault(act => act.Name == name);
}

/// <summary>Which key does what for one person.</summary>
public sealed class DeskKeys
{
    private readonly Dictionary<DeskAct, string> keys;

    private DeskKeys(Dictionary<DeskAct, string> keys) => this.keys = keys;

    /// <summary>As it is before anybody chose.</summary>
    public static readonly DeskKeys Standard = Of([]);

    /// <summary>From a row. An act that came later has its standard key, unless the person uses that one already.</summary>
    public static DeskKeys Of(IEnumerable<string> kept)
    {
        var chosen = new Dictionary<DeskAct, string>();
        foreach (var entry in kept)
        {
            var end = entry.IndexOf('=', StringComparison.Ordinal);
            if (end > 0 && DeskAct.Named(entry[..end]) is { } act) chosen[act] = entry[(end + 1)..];
        }
        var others = DeskAct.All.Where(act => !chosen.ContainsKey(act) && !chosen.Any(it => it.Value == act.Standard && it.Key.Meets(act))).ToList();
        return new(chosen.Concat(others.Select(act => KeyValuePair.Create(act, act.Standard))).ToDictionary());
    }

    /// <summary>The key, as browsers name it; null when the act has none.</summary>
    public string? this[DeskAct act] => keys.GetValueOrDefault(act);

    /// <summary>The same with some keys chosen; nothing is checked.</summary>
    internal DeskKeys With(IEnumerable<KeyValuePair<DeskAct, string>> chosen)
    {
        var next = new Dictionary<DeskAct, string>(keys);
        foreach (var (act, key) in chosen) next[act] = key;
        return new(next);
    }

    /// <summary>As the row keeps it: all, or none where all are the standard ones.</summary>
    internal string[] ToRow() => DeskAct.All.All(act => this[act] == act.Standard) ? [] : [.. DeskAct.All.Where(keys.ContainsKey).Select(act => $"{act.Name}={keys[act]}")];

    /// <summary>What makes a link or button answer to the key and tell it: <c>@attributes="Keys.On(DeskAct.Today)"</c>.</summary>
    /// <param name="words">What it does just here, where that is more than the act's words say.</param>
    internal Dictionary<string, object> On(DeskAct act, string? words = null)
    {
        var text = words ?? act.Words;
        if (this[act] is not { } key) return new() { ["title"] = text };
        return new() { ["data-key"] = key, ["data-key-text"] = text, ["aria-keyshortcuts"] = Spoken(key), ["title"] = $"{text} ({Shown(key)})" };
    }

    /// <summary>As people read it.</summary>
    internal static string Shown(string key) => key switch { "ArrowLeft" => "←", "ArrowRight" => "→", _ => key };

    // https://www.w3.org/TR/wai-aria-1.2/#aria-keyshortcuts
    private static string Spoken(string key) => key is "+" ? "Plus" : key is [>= 'A' and <= 'Z'] ? $"Shift+{key}" : key;
}
