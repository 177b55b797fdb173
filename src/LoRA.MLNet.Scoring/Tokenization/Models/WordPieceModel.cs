using System.Runtime.InteropServices;
using LoRA.MLNet.Tokenization.Json;
using LoRA.MLNet.Tokenization.Unicode;

namespace LoRA.MLNet.Tokenization.Models;

/// <summary>BERT's WordPiece: the longest token that begins the word, then the longest continuation, and so on (Wu et al. 2016).</summary>
internal sealed class WordPieceModel : SubwordModel
{
    private readonly int unknown;
    private readonly int longestWord;
    private readonly int longestToken;
    private readonly Vocabulary continuations;

    private WordPieceModel(Vocabulary vocabulary, int unknown, string prefix, int longestWord)
        : base(vocabulary)
    {
        this.unknown = unknown;
        this.longestWord = longestWord;
        longestToken = vocabulary.LongestToken;
        continuations = vocabulary.After(prefix);
    }

    public static WordPieceModel Read(JsonSection section)
    {
        var vocabulary = Vocabulary.Read(section.Get("vocab"));
        string unknown = section.TextOrNull("unk_token") ?? "[UNK]";
        return new WordPieceModel(
            vocabulary,
            vocabulary.IdOf(unknown) ?? throw section.Error($"the unk_token '{unknown}' is not in the vocabulary"),
            section.TextOrNull("continuing_subword_prefix") ?? "##",
            section.Find("max_input_chars_per_word")?.Count() ?? 100);
    }

    protected override void TokenizeWord(ReadOnlySpan<char> word, List<Token> output)
    {
        int before = output.Count;
        if (word.Length > longestWord && CodePoints.Count(word) > longestWord)
        {
            output.Add(new Token(unknown, 0, word.Length));
            return;
        }

        for (int start = 0; start < word.Length;)
        {
            int end = Longest(word, start, out int id);
            if (end == start)
            {
                CollectionsMarshal.SetCount(output, before);
                output.Add(new Token(unknown, 0, word.Length));
                return;
            }

            output.Add(new Token(id, start, end));
            start = end;
        }
    }

    private int Longest(ReadOnlySpan<char> word, int start, out int id)
    {
        var vocabulary = start == 0 ? Vocabulary : continuations;
        for (int end = Math.Min(word.Length, start + longestToken); end > start; end--)
        {
            bool splitsPair = end < word.Length && char.IsLowSurrogate(word[end]);
            if (!splitsPair && vocabulary.TryGetId(word[start..end], out id))
            {
                return end;
            }
        }

        id = unknown;
        return start;
    }
}
