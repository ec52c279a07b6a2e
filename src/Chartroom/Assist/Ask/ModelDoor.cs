using System.Net;
using System.Net.Http.Headers;

namespace Chartroom.Assist;

/// <summary>The outside said no, or nothing that can be used.</summary>
internal sealed class ModelException(string code, TimeSpan? retryAfter = null) : Exception($"The model did not answer: {code}.")
{
    public string Code { get; } = code;
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>
/// All that goes to a model passes here, whichever package wrote it: what tells of this machine is taken off, the vendor's version and key stand where its description wants
/// them, an answer has 4 MB at most, and what is not 200 becomes a code before a package makes of it what it likes. Nothing is kept, nothing is logged.
/// </summary>
internal sealed class ModelDoor(TimeProvider clock) : DelegatingHandler
{
    private const int MostBytes = 4 * 1024 * 1024;
    private const string Version = "anthropic-version", DescribedVersion = "2023-06-01";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Plain(request.Headers);
        try
        {
            var answer = await base.SendAsync(request, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.OK) return await WholeAsync(answer, cancellationToken);
            using (answer) throw new ModelException(CodeOf(answer.StatusCode), WaitOf(answer.Headers.RetryAfter));
        }
        catch (HttpRequestException error)
        {
            throw new ModelException(error.InnerException is Platform.Web.InsideAddressException ? AssistTrouble.Inside : AssistTrouble.NoAnswer);
        }
        catch (IOException)
        {
            throw new ModelException(AssistTrouble.NoAnswer);
        }
    }

    private static void Plain(HttpRequestHeaders headers)
    {
        foreach (var name in headers.Select(header => header.Key).Where(name => name.StartsWith("X-Stainless-", StringComparison.OrdinalIgnoreCase)).ToList()) headers.Remove(name);
        headers.UserAgent.Clear();
        headers.UserAgent.ParseAdd("Chartroom");
        if (!headers.Contains(Version)) return;
        headers.Remove(Version);
        headers.Add(Version, DescribedVersion);
        if (headers.Authorization is not { Scheme: "Bearer", Parameter: { } key }) return;
        headers.Authorization = null;
        headers.Remove("x-api-key");
        headers.Add("x-api-key", key);
    }

    private static async Task<HttpResponseMessage> WholeAsync(HttpResponseMessage answer, CancellationToken ct)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(ct);
        var kept = new MemoryStream();
        var part = new byte[16 * 1024];
        for (int read; (read = await body.ReadAsync(part, ct)) > 0;)
        {
            kept.Write(part, 0, read);
            if (kept.Length > MostBytes) throw new ModelException(AssistTrouble.Unreadable);
        }
        var content = new ByteArrayContent(kept.ToArray());
        content.Headers.ContentType = answer.Content.Headers.ContentType;
        answer.Content = content;
        return answer;
    }

    private static string CodeOf(HttpStatusCode status) => (int)status switch
    {
        401 or 402 or 403 => AssistTrouble.Key,
        408 or 409 or 425 or 429 or >= 500 => AssistTrouble.Busy,
        _ => AssistTrouble.Refused,   // a redirect too: whoever is asked answers himself
    };

    private TimeSpan? WaitOf(RetryConditionHeaderValue? after) => after switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > clock.GetUtcNow() => date - clock.GetUtcNow(),
        _ => null,
    };
}
