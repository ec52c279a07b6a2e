using System.Security.Cryptography;
using System.Text;

namespace Chartroom.Assist;

public sealed class NotePromptTests
{
    // What a draft names as its prompt is this text and this form. When they change, so does the version; the old pair stays here.
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal) { ["visit-note 1"] = "062209f46d820cf4" };

    [Fact]
    public void AI_5_A_version_of_the_prompt_means_one_text_and_one_form()
    {
        var all = NotePrompt.Instructions.ReplaceLineEndings("\n") + "\n" + NotePrompt.Schema(["A", "B"]).GetRawText();

        Assert.Equal(Known[NotePrompt.Version], Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..16]);
    }
}
