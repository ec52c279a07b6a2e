using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Chartroom.Input;
using Chartroom.Shell;
using Xunit.Abstractions;

namespace Chartroom.Accounts;

public sealed class ProfileTests(ITestOutputHelper output)
{
    private const string Photo = "/api/v1/account/photo", Canary = "CANARY-3e7baf04";

    [Fact]
    public async Task ACC_9_A_photo_is_made_anew_seen_by_colleagues_of_the_same_clinic_only_and_taken_away()
    {
        await using var clinic = await TestClinic.OpenAsync();
        await using var elsewhere = await TestClinic.OpenAsync();
        using var self = clinic.As(ClinicRole.Provider);
        using var colleague = clinic.As(ClinicRole.FrontDesk);
        using var stranger = elsewhere.As(ClinicRole.Provider);
        var id = clinic.Actor(ClinicRole.Provider).Person;
        var seenAt = $"/api/v1/people/{id}/photo";
        var sent = await PictureAsync("jpeg");
        Assert.Contains(Canary, Encoding.Latin1.GetString(sent), StringComparison.Ordinal);

        Assert.Equal((HttpStatusCode.NotFound, "accounts.no-such-photo"), await AskAsync(colleague, seenAt));
        Assert.Equal(HttpStatusCode.NoContent, (await self.PutAsync(Photo, Picture(sent))).StatusCode);
        var seen = await colleague.GetAsync(seenAt);
        var image = await seen.Content.ReadAsByteArrayAsync();
        Assert.Equal((HttpStatusCode.OK, "image/jpeg", "no-store"), (seen.StatusCode, seen.Content.Headers.ContentType!.MediaType, $"{seen.Headers.CacheControl}"));
        Assert.Equal((256, 256), SizeOf(image));
        Assert.DoesNotContain(Canary, Encoding.Latin1.GetString(image), StringComparison.Ordinal);
        Assert.Equal(seenAt, (string?)(await self.GetFromJsonAsync<JsonObject>("/api/v1/account/profile"))!["photo"]);
        Assert.Contains($"/people/{id}/photo", await self.GetStringAsync("/settings/profile"), StringComparison.Ordinal);   // in the head of each page too
        var nobody = await AskAsync(stranger, $"/api/v1/people/{Guid.CreateVersion7()}/photo");
        Assert.Equal((HttpStatusCode.NotFound, "accounts.no-such-photo"), nobody);
        Assert.Equal(nobody, await AskAsync(stranger, seenAt));

        await clinic.RowsAsync<int>("update platform.membership set ended_at = now() where person_id = @id returning 1", new { id });
        Assert.Equal(nobody, await AskAsync(colleague, seenAt));   // who left is seen no more
        Assert.Equal(HttpStatusCode.OK, (await self.GetAsync(seenAt)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await self.DeleteAsync(Photo)).StatusCode);
        Assert.Equal(nobody, await AskAsync(self, seenAt));
        Assert.Equal(["photo.changed", "photo.removed"], await clinic.RowsAsync<string>("select action from platform.audit_event where person_id = @id order by at", new { id }));
    }

    [Theory]
    [InlineData("jpeg"), InlineData("png"), InlineData("webp")]
    public async Task ACC_9_Whatever_its_format_and_shape_its_middle_is_kept(string format)
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var self = clinic.As(ClinicRole.Admin);

        Assert.Equal(HttpStatusCode.NoContent, (await self.PutAsync(Photo, Picture(await PictureAsync(format)))).StatusCode);

        var kept = await clinic.OneAsync<byte[]>("select image from platform.person_photo where person_id = @id", new { id = clinic.Actor(ClinicRole.Admin).Person });
        Assert.Equal((256, 256), SizeOf(kept));
        var pixels = await RunAsync(["-f", "jpeg_pipe", "-i", "pipe:0", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"], kept);
        Assert.True(pixels[(128 * 256 * 3) + (10 * 3)] > 200 && pixels[(128 * 256 * 3) + (245 * 3)] > 200, "The blue beside the red middle is to be cut off.");   // red to both edges
    }

    [SharedDataFact]
    public async Task PRV_12_No_file_of_the_hostile_sets_becomes_a_photo_but_as_a_picture_made_anew_and_each_gets_its_verdict()
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var self = clinic.As(ClinicRole.Admin);
        var (verdicts, faults) = (new Dictionary<string, int>(), new List<string>());
        foreach (var file in UploadsTests.Files())
        {
            using var answer = await self.PutAsync(Photo, new ByteArrayContent(file.Bytes));
            var isTaken = answer.StatusCode == HttpStatusCode.NoContent;
            if (!isTaken && answer.StatusCode is not (HttpStatusCode.UnprocessableEntity or HttpStatusCode.RequestEntityTooLarge)) faults.Add($"{file.Name}: {(int)answer.StatusCode}");
            if (isTaken && !IsPicture(file.Bytes)) faults.Add($"{file.Name}: was taken and is no picture");
            if (file.Expected == "accept" && file.Calls.EndsWith(".png", StringComparison.Ordinal) && !isTaken) faults.Add($"{file.Name}: was refused and is right");
            if (isTaken)
            {
                var kept = await clinic.OneAsync<byte[]>("select image from platform.person_photo where person_id = @id", new { id = clinic.Actor(ClinicRole.Admin).Person });
                if (SizeOf(kept) != (256, 256) || Encoding.Latin1.GetString(kept).Contains("CANARY", StringComparison.Ordinal)) faults.Add($"{file.Name}: was kept as it came");
            }
            var what = $"{file.Expected ?? "malformed"}: {(isTaken ? "made anew" : "refused")}";
            verdicts[what] = verdicts.GetValueOrDefault(what) + 1;
        }

        output.WriteLine(string.Join("; ", verdicts.OrderBy(it => it.Key, StringComparer.Ordinal).Select(it => $"{it.Key} {it.Value}")) + $": {faults.Count} faults");
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(verdicts.Values.Sum() > 380);
    }

    [Fact]
    public async Task ACC_9_A_person_changes_their_name_which_the_menu_shows_and_an_empty_one_is_refused()
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var self = clinic.As(ClinicRole.FrontDesk);

        Assert.Equal(HttpStatusCode.NoContent, (await self.PutAsJsonAsync("/api/v1/account/profile", new { name = " Robin <Vale> " })).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await self.PutAsJsonAsync("/api/v1/account/profile", new { name = "  " })).StatusCode);

        Assert.Contains("Robin &lt;Vale&gt;", await self.GetStringAsync("/patients"), StringComparison.Ordinal);
        Assert.Equal("Test FrontDesk", await clinic.OneAsync<string>("select display_name from staff where id = @id", new { id = clinic.Actor(ClinicRole.FrontDesk).Person }));   // the clinic's to set
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused_on_the_page_with_a_reason()
    {
        await using var clinic = await TestClinic.OpenAsync();
        using var self = clinic.As(ClinicRole.FrontDesk);
        byte[] large = [0xFF, 0xD8, 0xFF, .. new byte[PhotoMaker.MostBytes]];

        using var answer = await self.PostAsync("/settings/profile/photo", new MultipartFormDataContent { { new StringContent(""), "idempotency_key" }, { new ByteArrayContent(large), "photo", "me.jpg" } });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);   // the form again; a program gets 413
        Assert.Contains("at most 7 MB", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>A wide picture, red in its middle and blue beside it, that tells who made it and where.</summary>
    internal static Task<byte[]> PictureAsync(string format) => RunAsync(["-f", "lavfi", "-i", "color=blue:size=900x400,drawbox=x=240:y=0:w=420:h=400:color=red:t=fill", "-frames:v", "1", "-metadata", $"comment={Canary}",
        .. (string[])(format switch { "jpeg" => ["-c:v", "mjpeg", "-f", "image2pipe"], "png" => ["-c:v", "png", "-f", "image2pipe"], _ => ["-c:v", "libwebp", "-f", "webp"] }), "pipe:1"], [], format == "jpeg");

    private static async Task<byte[]> RunAsync(string[] arguments, byte[] input, bool withComment = false)
    {
        using var made = new MemoryStream();
        var plan = OtherProgram.Plan(OtherProgram.Ffmpeg, TimeSpan.FromSeconds(20), ["-v", "quiet", "-nostdin", .. arguments]);
        Assert.Equal(0, await OtherProgram.RunAsync(plan, TimeSpan.FromSeconds(20), (to, ct) => to.WriteAsync(input, ct).AsTask(), (from, ct) => from.CopyToAsync(made, ct), default));
        var bytes = made.ToArray();
        return withComment ? [.. bytes[..2], 0xFF, 0xFE, 0x00, (byte)(Canary.Length + 2), .. Encoding.ASCII.GetBytes(Canary), .. bytes[2..]] : bytes;   // a comment segment, as cameras write
    }

    private static bool IsPicture(byte[] file) => file is [0xFF, 0xD8, ..] or [0x89, (byte)'P', ..] or [(byte)'R', (byte)'I', ..];

    /// <summary>Width and height of a JPEG, from its frame header.</summary>
    private static (int, int) SizeOf(byte[] jpeg)
    {
        for (var at = 2; at + 9 < jpeg.Length; at += 2 + (jpeg[at + 2] << 8) + jpeg[at + 3])
            if (jpeg[at] == 0xFF && jpeg[at + 1] is 0xC0 or 0xC2) return ((jpeg[at + 7] << 8) + jpeg[at + 8], (jpeg[at + 5] << 8) + jpeg[at + 6]);
        return default;
    }

    private static ByteArrayContent Picture(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        return content;
    }

    private static async Task<(HttpStatusCode, string?)> AskAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        return (answer.StatusCode, answer.IsSuccessStatusCode ? null : (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]);
    }
}
