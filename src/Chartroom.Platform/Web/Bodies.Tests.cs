using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Chartroom.Platform.Web;

/// <summary>What comes in: wrong methods, bodies too large, bodies cut short.</summary>
public sealed class BodiesTests
{
    [Theory]
    [InlineData("DELETE", "/api/v1/imports", "Provider", 405, "POST")]
    [InlineData("PUT", "/day", "FrontDesk", 405, "GET")]
    [InlineData("POST", "/healthz", null, 405, "GET")]           // open to everyone, so everyone may know
    [InlineData("DELETE", "/api/v1/imports", null, 401, null)]   // as with the right method
    [InlineData("PATCH", "/visits/0198a0b0-0000-7000-8000-000000000000/review", null, 401, null)]
    [InlineData("DELETE", "/api/v1/nowhere", null, 404, null), InlineData("DELETE", "/api/v1/nowhere", "Admin", 404, null)]
    public async Task A_wrong_method_is_answered_with_the_right_ones_but_not_to_a_stranger(string method, string path, string? role, int status, string? allow)
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var client = role is null ? clinic.Anonymous() : clinic.As(Enum.Parse<ClinicRole>(role));
        using var request = new HttpRequestMessage(new(method), path);
        request.Headers.Add("Idempotency-Key", "wrong-1");

        using var answer = await client.SendAsync(request);

        Assert.Equal((status, allow), ((int)answer.StatusCode, answer.Content.Headers.Allow.Count > 0 ? string.Join(", ", answer.Content.Headers.Allow) : null));
        var body = await answer.Content.ReadAsStringAsync();
        if (status == 405) Assert.Contains(path.StartsWith("/api/", StringComparison.Ordinal) ? "/problems/shell.wrong-method" : "does not work that way", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/patients", "application/json"), InlineData("/patients/new", "application/x-www-form-urlencoded")]
    [InlineData("/visits/0198a0b0-0000-7000-8000-000000000000/transcripts", "multipart/form-data; boundary=x")]
    public async Task Two_hundred_megabytes_are_refused_by_their_length_before_they_are_sent(string path, string type)
    {
        await using var clinic = await TestClinic.OpenAsync(isOnTheNet: true);

        var answer = await TalkAsync(clinic, $"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {clinic.TokenOf(ClinicRole.Provider)}\r\n"
            + $"Content-Type: {type}\r\nIdempotency-Key: big-1\r\nContent-Length: 209715200\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains(path.StartsWith("/api/", StringComparison.Ordinal) ? "/problems/platform.too-large" : Boundary.TooLarge.Title, answer, StringComparison.Ordinal);
        Assert.Equal(0, await clinic.OneAsync<long>("select count(*) from audit_event"));
    }

    [Theory]
    [InlineData("--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhalf of")]                                            // ends inside a field
    [InlineData("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhalf of\r\n--")]                 // ends inside the boundary
    [InlineData("--x\r\nContent-Disp")]                                                                                          // ends inside a header
    [InlineData("no form at all")]
    public async Task A_form_that_was_cut_short_is_unreadable_and_leaves_no_trace(string body)
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");

        using var answer = await clinic.As(ClinicRole.Provider).PostAsync("/visits/0198a0b0-0000-7000-8000-000000000000/transcripts", content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(Boundary.Unreadable.Title, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await clinic.OneAsync<long>("select count(*) from audit_event"));
    }

    /// <summary>Says the head of a request on a raw connection and no more; answers what comes back.</summary>
    internal static async Task<string> TalkAsync(TestClinic clinic, string head)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync("127.0.0.1", new Uri(clinic.Address).Port);
        var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        var answer = new StringBuilder();
        var buffer = new byte[16 * 1024];
        int read;
        while (!IsWhole(answer.ToString()) && (read = await stream.ReadAsync(buffer)) > 0) answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        return answer.ToString();
    }

    private static bool IsWhole(string answer) =>
        answer.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal) || answer.EndsWith("</html>", StringComparison.Ordinal);
}
