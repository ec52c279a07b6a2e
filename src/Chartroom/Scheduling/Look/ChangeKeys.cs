using Chartroom.Platform.Audit;
using Chartroom.Platform.Database;
using Chartroom.Platform.Tenancy;

namespace Chartroom.Scheduling;

/// <summary>One act and the key it is to have.</summary>
/// <param name="Act">Name of a <see cref="DeskAct"/>.</param>
/// <param name="Key">As it was pressed or typed: one sign, or the name of a key.</param>
internal sealed record ChosenKey(string Act, string Key);

/// <summary>Chooses keys. Acts that are not named keep theirs.</summary>
internal sealed record ChangeKeys(IReadOnlyList<ChosenKey> Keys);

/// <summary>Keeps the keys that a person chose, or says which of them cannot be.</summary>
internal sealed class ChangeKeysHandler(TenantDb db)
{
    public async Task<Outcome<DeskKeys>> FindAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        var keys = await Ask(tx).ReadAsync(ct);
        tx.Audit(new Access("calendar.keys-read", "calendar_look", actor.Person.Value));
        await tx.CommitAsync(ct);
        return KeysRow.Of(keys);
    }

    public async Task<Outcome<DeskKeys>> HandleAsync(ChangeKeys ask, Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        var keys = KeyRules.Choose(KeysRow.Of(await Ask(tx).ReadAsync(ct)), ask);
        return keys.IsOk ? await KeepAsync(tx, keys.Value, ct) : keys.Refusal;
    }

    /// <summary>The standard keys again.</summary>
    public async Task<Outcome<DeskKeys>> ResetAsync(Actor actor, CancellationToken ct)
    {
        await using var tx = await db.BeginAsync(actor, Permission.SeeAppointments, ct);
        return await KeepAsync(tx, DeskKeys.Standard, ct);
    }

    /// <summary>Asks for a person's row among what else is asked.</summary>
    public static AskedRows<KeysRow> Ask(ClinicTx tx) => tx.Ask<KeysRow>("select keys from calendar_look where person_id = @person", new { tx.Actor.Person });

    private static async Task<Outcome<DeskKeys>> KeepAsync(ClinicTx tx, DeskKeys keys, CancellationToken ct)
    {
        await tx.ExecuteAsync(Upsert, new { tx.Actor.Person, keys = keys.ToRow() }, ct);
        tx.Audit(new Access("calendar.keys-changed", "calendar_look", tx.Actor.Person.Value));
        await tx.CommitAsync(ct);
        return keys;
    }

    private const string Upsert = """
        insert into calendar_look (person_id, keys)
        values (@person, @keys)
        on conflict (person_id) do update
        set keys = excluded.keys
        """;
}

/// <summary>A person's keys as their row has them.</summary>
internal sealed record KeysRow
{
    public string[] Keys { get; init; } = [];

    public static DeskKeys Of(IReadOnlyList<KeysRow> rows) => rows is [var row] ? DeskKeys.Of(row.Keys) : DeskKeys.Standard;
}

/// <summary>Which keys can be chosen.</summary>
internal static class KeyRules
{
    /// <summary>What was typed in a browser without script, or came from a key whose name is no sign.</summary>
    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["←"] = "ArrowLeft", ["→"] = "ArrowRight", ["ArrowLeft"] = "ArrowLeft", ["ArrowRight"] = "ArrowRight", ["F2"] = "F2", ["F4"] = "F4", ["F8"] = "F8", ["Delete"] = "Delete",
    };

    /// <summary>Keys that move, scroll, reload or leave.</summary>
    private static readonly HashSet<string> OfBrowser = new(StringComparer.OrdinalIgnoreCase)
    {
        "Tab", "Enter", "Space", "Backspace", "ArrowUp", "ArrowDown", "↑", "↓", "Home", "End", "PageUp", "PageDown", "Insert", "ContextMenu",
        "F1", "F3", "F5", "F6", "F7", "F9", "F10", "F11", "F12",
    };

    /// <summary>The keys as they would be, or the first reason why not, with a word on each field that is wrong.</summary>
    public static Outcome<DeskKeys> Choose(DeskKeys now, ChangeKeys ask)
    {
        Refusal? refusal = null;
        void Blame(int number, Refusal why, string words) => refusal = (refusal ?? why).On($"keys[{number}].key", words);

        var chosen = new Dictionary<DeskAct, string>();
        for (var number = 0; number < ask.Keys.Count; number++)
        {
            var key = Names.GetValueOrDefault(ask.Keys[number].Key, ask.Keys[number].Key);
            if (DeskAct.Named(ask.Keys[number].Act) is not { } act || !chosen.TryAdd(act, key)) return Refusals.Incomplete;
            if (Wrong(act, key) is var (why, words)) Blame(number, why, words);
        }
        if (refusal is not null) return refusal;

        var keys = now.With(chosen);
        for (var number = 0; number < ask.Keys.Count; number++)
        {
            var act = DeskAct.Named(ask.Keys[number].Act)!;   // looked up above
            if (DeskAct.All.FirstOrDefault(other => other != act && other.Meets(act) && keys[other] == keys[act]) is { } other)
                Blame(number, Refusals.KeyTaken, $"{act.Words}: this key does something else there: {other.Words}.");
        }
        return refusal is null ? keys : refusal;
    }

    private static (Refusal Why, string Words)? Wrong(DeskAct act, string key)
    {
        if (key is "/" or "?" || key.Equals("Escape", StringComparison.OrdinalIgnoreCase) || key.Equals("Esc", StringComparison.OrdinalIgnoreCase))
            return (Refusals.KeyOfProgram, $"{act.Words}: this key searches, lists the keys or closes what is open, on every page.");
        if (key == "t" && act.Place != "calendar") return (Refusals.KeyOfProgram, $"{act.Words}: t leads to today from every page but the calendar.");
        if (key is "ArrowLeft" or "ArrowRight" && act != DeskAct.Before && act != DeskAct.After) return (Refusals.KeyOfProgram, $"{act.Words}: the arrows go from visit to visit.");
        if (OfBrowser.Contains(key) || (key.Length > 1 && key.Contains('+', StringComparison.Ordinal))) return (Refusals.KeyOfBrowser, $"{act.Words}: the browser needs this key.");
        if (key is [> ' ' and <= '~'] || Names.ContainsValue(key)) return null;
        return (Refusals.NotAKey, $"{act.Words}: give one letter, digit or sign.");
    }
}
