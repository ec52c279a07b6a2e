using System.Text;
using System.Text.Json.Serialization;

namespace Chartroom.Scribe;

/// <summary>What a turn of a written source stands for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SourceKind>))]
public enum SourceKind { Entry, Order, Visit }

/// <summary>Something of the chart that a draft stands on.</summary>
/// <param name="Version">The version that was read; another one now means that it has changed.</param>
/// <param name="VisitId">Of an order: the visit on whose page it stands.</param>
public sealed record SourcePlace(SourceKind Kind, Guid Id, int Version, Guid? VisitId = null)
{
    /// <summary>The page of it.</summary>
    public string PathFor(PatientId patient) => Kind switch
    {
        SourceKind.Entry => $"/patients/{patient}/entries/{Id}",
        SourceKind.Order => $"/visits/{VisitId}#o-{Id}",
        SourceKind.Visit => $"/visits/{Id}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>What has become of a draft's sources since it was made.</summary>
/// <param name="Changed">Turns whose entry has another version now, or is gone.</param>
/// <param name="Added">How many entries, orders and visits a draft made now would stand on besides.</param>
public sealed record SourceChanges(IReadOnlyList<string> Changed, int Added)
{
    public bool IsAny => Changed.Count + Added > 0;
}

/// <summary>Builds a written source: a turn for each entry, a span for each of its lines.</summary>
internal sealed class SummarySource
{
    private readonly List<Turn> _turns = [];
    private readonly Dictionary<string, SourcePlace> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, string> _known = [];

    /// <summary>Answers the turn under which it can be cited; what is there already keeps its own.</summary>
    /// <param name="label">Kind and day, as the list of sources shows it.</param>
    /// <param name="lines">What it says; the first is what a statement repeats.</param>
    public string Add(SourcePlace place, string label, IEnumerable<string> lines)
    {
        if (_known.TryGetValue(place.Id, out var there)) return there;
        var id = $"t{_turns.Count + 1}";
        var text = new StringBuilder();
        var spans = new List<Span>();
        foreach (var line in lines.Where(line => line.Length > 0).Select(line => line[^1] is '.' or '!' or '?' or '…' ? line : line + "."))
        {
            if (text.Length > 0) text.Append('\n');
            spans.Add(new($"{id}.s{spans.Count + 1}", text.Length, line.Length, line));
            text.Append(line);
        }
        _turns.Add(new(id, Speaker.Unknown, label, text.ToString(), null, spans));
        _places[id] = place;
        return _known[place.Id] = id;
    }

    public WrittenSource Done() => new(new(_turns), _places);
}
