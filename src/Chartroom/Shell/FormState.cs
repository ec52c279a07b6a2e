using System.Globalization;
using Chartroom.Platform.Web;
using Microsoft.Extensions.Primitives;

namespace Chartroom.Shell;

/// <summary>A stored value as a form first shows it. <see cref="Parts.Seen"/> sends it along, so that a stale page can tell what has changed since.</summary>
/// <param name="Name">Name of the field.</param>
/// <param name="Label">As the person sees it.</param>
public sealed record SeenField(string Name, string Label, string? Value);

/// <summary>A field that somebody else changed while a form was open.</summary>
public sealed record FieldChange(string Label, string Was, string Now);

/// <summary>
/// What a form shows when it comes back: the words the person typed and what is wrong with them. <see cref="PostForm"/> hands it to its
/// fields, so a page only passes it on. A first showing is <see cref="Fresh"/>.
/// </summary>
/// <param name="Refusal">Why the form came back, or null on its first showing.</param>
public sealed record FormState(IReadOnlyDictionary<string, StringValues> Typed, Refusal? Refusal)
{
    /// <summary>What somebody else has changed since the form was opened.</summary>
    public IReadOnlyList<FieldChange> Changes { get; init; } = [];

    /// <summary>Nothing typed, nothing wrong.</summary>
    public static readonly FormState Fresh = new(new Dictionary<string, StringValues>(), null);

    /// <summary>True when the person has sent the form before, so that what they typed wins over what is stored.</summary>
    public bool IsTyped => Typed.Count > 0;

    /// <summary>What the field shows: what was typed if anything was, else the stored value.</summary>
    public string? Value(string field, string? stored) => IsTyped ? (string?)Typed.GetValueOrDefault(field) : stored;

    /// <summary>Whether an option or box is chosen.</summary>
    public bool IsChosen(string field, string option, bool isStored) =>
        IsTyped ? Typed.GetValueOrDefault(field).Contains(option) : isStored;

    /// <summary>What is wrong with the field, or null.</summary>
    public string? Error(string field) => Refusal?.Errors.GetValueOrDefault(field);

    /// <summary>The form for what is stored now. After <c>platform.stale-version</c> it is carried over to the present version: fields this person left alone show
    /// what somebody else has written since, what they typed themselves stays, and <see cref="Changes"/> tells all of it. Saving again is then a choice.</summary>
    public FormState Against(IReadOnlyList<SeenField> stored, long version)
    {
        if (Refusal?.Code != Versions.Stale.Code) return this;
        var typed = Typed.ToDictionary(field => field.Key, field => field.Value, StringComparer.Ordinal);
        var changes = new List<FieldChange>();
        foreach (var field in stored)
        {
            var (was, now) = (TypedText("seen." + field.Name), field.Value ?? "");
            if (was == now) continue;
            changes.Add(new(field.Label, was, now));
            if (TypedText(field.Name) == was) typed[field.Name] = now;
            typed["seen." + field.Name] = now;
        }
        typed["version"] = version.ToString(CultureInfo.InvariantCulture);
        return this with { Typed = typed, Changes = changes };
    }

    private string TypedText(string field) => (string?)Typed.GetValueOrDefault(field) ?? "";
}
