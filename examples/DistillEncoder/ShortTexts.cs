namespace DistillEncoder;

/// <summary>
/// Adds to every text two pieces of 2 to 12 of its words, in lower case and without punctuation: books and manuals have nothing like the
/// questions, commands and messages that people type.
/// </summary>
internal static class ShortTexts
{
    private const int PiecesPerText = 2;
    private const int FewestWords = 2;
    private const int MostWords = 12;

    public static IEnumerable<string> AddTo(IEnumerable<string> texts, int seed)
    {
        var random = new Random(seed);
        foreach (var text in texts)
        {
            yield return text;
            var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            for (var piece = 0; piece < PiecesPerText && words.Length > MostWords; piece++)
            {
                var start = random.Next(words.Length - MostWords);
                yield return Plain(words.AsSpan(start, random.Next(FewestWords, MostWords + 1)));
            }
        }
    }

    private static string Plain(ReadOnlySpan<string> words) =>
        new([.. string.Join(' ', words).ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '\'')]);
}
