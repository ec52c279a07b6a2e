using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Chartroom.Input;

/// <summary>Hears all that a program says of itself: log lines with their exceptions and scopes, spans with their tags and events, tags of measurements.</summary>
internal sealed class Overheard : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> said = new();
    private readonly ActivityListener spans;
    private readonly MeterListener meters = new();

    public Overheard()
    {
        spans = new()
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => said.Enqueue($"span {span.DisplayName} {span.StatusDescription} {Tags(span.TagObjects)} {string.Join(' ', span.Events.Select(it => it.Name + Tags(it.Tags)))} {string.Join(' ', span.Baggage)}"),
        };
        ActivitySource.AddActivityListener(spans);
        meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => said.Enqueue($"metric {instrument.Name} {Tags(tags.ToArray())}"));
        meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => said.Enqueue($"metric {instrument.Name} {Tags(tags.ToArray())}"));
        meters.SetMeasurementEventCallback<int>((instrument, _, tags, _) => said.Enqueue($"metric {instrument.Name} {Tags(tags.ToArray())}"));
        meters.Start();
    }

    /// <summary>What was heard of each kind.</summary>
    public (int Lines, int Spans, int Measurements) Counts => (Count("log "), Count("span "), Count("metric "));

    /// <summary>What holds one of the words.</summary>
    public IEnumerable<string> With(params string[] words) => said.Where(line => words.Any(word => line.Contains(word, StringComparison.OrdinalIgnoreCase)));

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull
    {
        said.Enqueue($"log scope {state}");
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        said.Enqueue($"log {logLevel} {eventId} {formatter(state, exception)} {exception}");

    public void Dispose()
    {
        spans.Dispose();
        meters.Dispose();
    }

    private int Count(string kind) => said.Count(line => line.StartsWith(kind, StringComparison.Ordinal));

    private static string Tags(IEnumerable<KeyValuePair<string, object?>> tags) => string.Join(' ', tags.Select(tag => $"{tag.Key}={tag.Value}"));
}
