using Microsoft.Extensions.Primitives;

namespace Chartroom.Shell;

/// <summary>
/// What a form shows when it comes back: the words the person typed and what is wrong with them. <see cref="PostForm"/> hands it to its
/// fields, so a page only passes it on. A first showing is <see cref="Fresh"/>.
/// </summary>
/// <param name="Refusal">Why the form came back, or null on its first showing.</param>
public sealed record FormState(IReadOnlyDictionary<string, StringValues> Typed, Refusal? Refusal)
{
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
}
