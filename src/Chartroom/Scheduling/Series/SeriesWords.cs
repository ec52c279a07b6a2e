using Chartroom.Shell;

namespace Chartroom.Scheduling;

/// <summary>Which visits of a series, for people.</summary>
internal static class SeriesWords
{
    public static readonly IReadOnlyList<SelectField.Option> Scopes = [new("this", "This one"), new("following", "This and following"), new("all", "All to come")];
}
