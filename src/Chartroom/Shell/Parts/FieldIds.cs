namespace Chartroom.Shell;

/// <summary>The HTML id of a field from its name: <c>rooms[0].name</c> → <c>f-rooms-0--name</c>.</summary>
internal static class FieldIds
{
    internal static string Of(string name) =>
        "f-" + string.Concat(name.Select(sign => char.IsLetterOrDigit(sign) || sign is '_' ? sign : '-'));

    /// <summary>Which texts describe the field, for screen readers; null when none does.</summary>
    internal static string? DescribedBy(string name, bool hasHint, bool hasError) => (hasHint, hasError) switch
    {
        (true, true) => $"{Of(name)}-error {Of(name)}-hint",
        (true, false) => $"{Of(name)}-hint",
        (false, true) => $"{Of(name)}-error",
        _ => null,
    };
}
