using System.Net.Http.Json;
using Chartroom.Transparency;

namespace Chartroom.Platform.Audit;

/// <summary>A witness on another host: <c>chartroom witness</c>.</summary>
public sealed class HttpWitness(HttpClient http, NoteVerifier key) : IWitness
{
    /// <summary>What is posted to <c>/add</c>.</summary>
    public sealed record Addition(string Origin, IReadOnlyList<WitnessedLeaf> Leaves, string Note);

    /// <inheritdoc/>
    public NoteVerifier Key => key;

    /// <inheritdoc/>
    public async Task<WitnessAnswer> AddAsync(string origin, IReadOnlyList<WitnessedLeaf> leaves, string note, CancellationToken ct)
    {
        using var answer = await http.PostAsJsonAsync("add", new Addition(origin, leaves, note), ct);
        return await ReadAsync(answer, ct);
    }

    /// <inheritdoc/>
    public async Task<WitnessAnswer> StateAsync(string origin, CancellationToken ct)
    {
        using var answer = await http.GetAsync(new Uri($"state?origin={Uri.EscapeDataString(origin)}", UriKind.Relative), ct);
        return await ReadAsync(answer, ct);
    }

    private static async Task<WitnessAnswer> ReadAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<WitnessAnswer>(ct) ?? throw new HttpRequestException("The witness answered nothing.");
    }
}
