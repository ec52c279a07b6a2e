using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Chartroom.Platform.Web;

namespace Chartroom.Import;

/// <summary>Files that are too large, or do not arrive whole, over a real connection. Nothing of them stays but the audit row.</summary>
public sealed class BigFileTests
{
    private const long TwoHundredMegabytes = 200L * 1024 * 1024;

    [Fact]
    public async Task A_program_that_announces_200_MB_is_refused_before_it_sends_them()
    {
        await using var clinic = await TestClinic.OpenAsync(isOnTheNet: true);

        var answer = await BodiesTests.TalkAsync(clinic, $"{Head(clinic, "/api/v1/imports", "application/json")}Content-Length: {TwoHundredMegabytes}\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"import.too-large\"", answer, StringComparison.Ordinal);
        Assert.Contains($"\"limitBytes\":{FhirBundle.DefaultLimitBytes}", answer, StringComparison.Ordinal);
        await AssertRefusedAsync(clinic);
    }

    [Fact]
    public async Task A_program_that_does_not_say_how_much_comes_is_stopped_at_the_limit()
    {
        await using var clinic = await TestClinic.OpenAsync(isOnTheNet: true);
        using var body = new StreamContent(new Spaces(FhirBundle.DefaultLimitBytes + 100_000));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/imports") { Content = body };
        request.Headers.TransferEncodingChunked = true;

        using var answer = await clinic.As(ClinicRole.Provider).SendAsync(request);

        Assert.Equal((413, "import.too-large"), await BriefAsync(answer));
        await AssertRefusedAsync(clinic);
    }

    [Fact]
    public async Task A_few_packed_bytes_that_unpack_to_200_MB_are_stopped_at_the_limit()
    {
        await using var clinic = await TestClinic.OpenAsync(isOnTheNet: true);
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) await new Spaces(TwoHundredMegabytes).CopyToAsync(gzip);

        using var answer = await clinic.As(ClinicRole.Provider).PostAsync("/api/v1/imports", new ByteArrayContent(packed.ToArray()));

        Assert.Equal((413, "import.too-large"), await BriefAsync(answer));
        await AssertRefusedAsync(clinic);
    }

    [Fact]
    public async Task The_page_says_of_each_file_what_became_of_it_when_one_is_too_large()
    {
        await using var clinic = await TestClinic.OpenAsync(isOnTheNet: true);
        using var form = new MultipartFormDataContent
        {
            { new StreamContent(new Spaces(FhirBundle.DefaultLimitBytes + 100_000)), "files", "large.json" },
            { new ByteArrayContent(Sample.Bundle(Sample.Visit)), "files", "good.json" },
        };

        using var answer = await clinic.As(ClinicRole.Admin).PostAsync("/patients/import", form);
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("large.json", page, StringComparison.Ordinal);
        Assert.Contains("Split it by patient. Nothing of it was taken in.", page, StringComparison.Ordinal);
        Assert.Contains("Taken in", page, StringComparison.Ordinal);
        Assert.Equal(1, await clinic.OneAsync<long>("select count(*) from patient"));
    }

    [Fact]
    public async Task A_stranger_who_sends_200_MB_to_the_page_is_asked_to_sign_in_and_not_read()
    {
        await using var clinic = await TestClinic.OpenAsync(isOnTheNet: true);

        var answer = await BodiesTests.TalkAsync(clinic, $"POST /patients/import HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: {TwoHundredMegabytes}\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 401 ", answer, StringComparison.Ordinal);
        Assert.Equal(0, await clinic.OneAsync<long>("select count(*) from audit_event"));
    }

    [Theory]
    [InlineData("/api/v1/imports", "application/json")]
    [InlineData("/patients/import", "multipart/form-data; boundary=x")]
    public async Task A_connection_cut_in_the_middle_of_a_file_leaves_the_charts_as_they_were(string path, string type)
    {
        await using var clinic = await TestClinic.OpenAsync(isOnTheNet: true);
        var file = Encoding.UTF8.GetString(Sample.Bundle(Sample.Visit));
        var body = type.StartsWith("multi", StringComparison.Ordinal) ? $"--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"half.json\"\r\n\r\n{file}" : file;
        using var connection = new TcpClient();
        await connection.ConnectAsync("127.0.0.1", new Uri(clinic.Address).Port);
        var stream = connection.GetStream();

        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{Head(clinic, path, type)}Content-Length: {body.Length * 2}\r\n\r\n{body}"));
        connection.Client.Shutdown(SocketShutdown.Send);
        while (await stream.ReadAsync(new byte[4096]) > 0) { }   // until the server has put it away

        Assert.Equal(0, await clinic.OneAsync<long>("select count(*) from patient"));
        Assert.Equal(HttpStatusCode.OK, (await clinic.As(ClinicRole.Provider).PostAsync("/api/v1/imports", new ByteArrayContent(Sample.Bundle(Sample.Visit)))).StatusCode);
    }

    [Theory]
    [InlineData(1.0, true), InlineData(0.5, false)]   // the whole file without the form's end, and half of the file
    public async Task A_form_cut_short_says_which_file_did_not_arrive(double share, bool isWhole)
    {
        await using var clinic = await TestClinic.OpenAsync();
        var file = Sample.Bundle(Sample.Visit);
        byte[] body = [.. "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"half.json\"\r\n\r\n"u8, .. file[..(int)(file.Length * share)], .. isWhole ? "\r\n--"u8 : default];
        using var content = new ByteArrayContent(body);
        content.Headers.Add("Content-Type", "multipart/form-data; boundary=x");

        using var answer = await clinic.As(ClinicRole.Admin).PostAsync("/patients/import", content);

        Assert.Equal(422, (int)answer.StatusCode);
        Assert.Contains("The file stopped coming before it was whole.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await AssertRefusedAsync(clinic);
    }

    [Fact]
    public async Task A_form_of_no_whole_part_says_so()
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var content = new ByteArrayContent("--x\r\nContent-Disp"u8.ToArray());
        content.Headers.Add("Content-Type", "multipart/form-data; boundary=x");

        using var answer = await clinic.As(ClinicRole.Admin).PostAsync("/patients/import", content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(Boundary.Unreadable.Title, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static string Head(TestClinic clinic, string path, string type) =>
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {clinic.TokenOf(ClinicRole.Provider)}\r\nContent-Type: {type}\r\n";

    private static async Task<(int, string?)> BriefAsync(HttpResponseMessage answer) =>
        ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());

    private static async Task AssertRefusedAsync(TestClinic clinic)
    {
        Assert.Equal(["import.refused"], await clinic.RowsAsync<string>("select action from audit_event"));
        Assert.Equal((0, 0), await clinic.OneAsync<(long, long)>("select (select count(*) from patient), (select count(*) from patient_key)"));
    }

    /// <summary>So many spaces, made while they are read.</summary>
    private sealed class Spaces(long length) : Stream
    {
        private long left = length;

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(left, buffer.Length);
            buffer[..count].Fill((byte)' ');
            left -= count;
            return count;
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
