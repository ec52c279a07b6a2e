using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Chartroom.LongestFirst", "Chartroom.Tests")]

namespace Chartroom;

/// <summary>What takes minutes begins first, so that the last of it does not run alone while a processor has nothing to do. Then the journeys, then everything else.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = ["TypedEverywhere", "EveryPage", "SettingUp", "DayJourney", "DeskJourney", "SettingsJourney", "SeriesJourney", "TasksJourney", "Journey", "Isolation", "Input"];

    /// <inheritdoc/>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => PlaceOf(collection.DisplayName)).ThenBy(collection => collection.DisplayName, StringComparer.Ordinal);

    private static int PlaceOf(string name)
    {
        var place = Array.FindIndex(Long, part => name.Contains(part, StringComparison.Ordinal));
        return place < 0 ? Long.Length : place;
    }
}
