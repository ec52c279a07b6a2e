using System.Net.Http.Json;
using Chartroom.Transparency;

namespace Chartroom.Platform.Audit;

/// <summary>A witness on another host: <c>chartroom witness</c>.</summary>
public sealed class HttpWitness(IHttpClientFactory clients, Uri address, NoteVerifier key) : IWitness
{
    /// <summary>What is posted to <c>/add</c>.</summary>
    public sealed record Addition(string Origin, IReadOnlyList<WitnessedLeaf> Leaves, string Note);

    /// <inheritdoc/>
    public NoteVerifier Key => key;

    /// <inheritdoc/>
    public async Task<WitnessAnswer> AddAsync(string origin, IReadOnlyList<WitnessedLeaf> leaves, string note, CancellationToken ct)
    {
        using var http = clients.CreateClient();
        using var answer = await http.PostAsJsonAsync(new Uri(address, "add"), new Addition(origin, leaves, note), ct);
        return await ReadAsync(answer, ct);
    }

    /// <inheritdoc/>
    public async Task<WitnessAnswer> StateAsync(string origin, CancellationToken ct)
    {
        using var http = clients.CreateClient();
        using var answer = await http.GetAsync(new Uri(address, $"state?origin={Uri.EscapeDataString(origin)}"), ct);
        return await ReadAsync(answer, ct);
    }

    private static async Task<WitnessAnswer> ReadAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<WitnessAnswer>(ct) ?? throw new HttpRequestException("The witness answered nothing.");
    }
}
